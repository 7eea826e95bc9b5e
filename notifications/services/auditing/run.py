"""Making the checks, all of them on one consistent picture of the database, in flat memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from notifications.services.auditing.check import Check, Disagreement

FETCHED_AT_ONCE = 1000


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one instant, nothing can be written, and nobody has to wait for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Not the immediate transaction of a writer: SQLite would let nobody else write until the end.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def disagreements(check: Check, *, now: datetime) -> Iterator[Disagreement]:
    """What this check finds, read as it is asked for."""
    asked = check.ask(now)
    with connection.chunked_cursor() as cursor:
        cursor.execute(asked.sql, dict(asked.values))
        while found := cursor.fetchmany(FETCHED_AT_ONCE):
            for pk, written, counted in found:
                yield Disagreement(
                    check=check.code, subject=check.subject, id=pk, written=str(written), found=str(counted)
                )
