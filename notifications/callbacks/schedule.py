"""When a call that was not taken is repeated, and when that ends."""

from datetime import datetime, timedelta

from notifications import retry

# Seconds. The first repetition comes within ten; from the ninth on, about one in half an hour.
BASE, CAP = 10.0, 3_600.0


def next_try(*, tries: int, now: datetime, retry_after: float | None, chance: float) -> datetime:
    """The time of the next try, after `tries` in a row that failed: later and later, with full jitter.

    A wish of the receiver's (Retry-After) is kept up to CAP, so that a mistaken one doesn't silence it.
    """
    wish = min(retry_after, CAP) if retry_after else None
    return now + timedelta(seconds=retry.delay(attempt=tries, retry_after=wish, base=BASE, cap=CAP, chance=chance))


def is_over(*, failing_since: datetime, now: datetime, patience: float) -> bool:
    """Whether it has failed for `patience` seconds without a single call that was taken."""
    return now - failing_since >= timedelta(seconds=patience)
