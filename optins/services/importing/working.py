"""A worker's turn at an import: a lease, slices of rows until the turn is over, and a hint for the next one."""

from datetime import datetime


def work(*, import_pk: int, now: datetime) -> None:
    """Harmless to call any number of times, anywhere, at once. Of two at once one works."""
