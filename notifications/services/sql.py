"""The project's own SQL, where the ORM takes longer to write a statement than the database to carry it out.

What PostgreSQL and SQLite spell differently has its place here. Values always travel as parameters, `%(name)s`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from json import dumps
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg import Cursor


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Executes it, and returns the rows it gives, if it gives any.

    On PostgreSQL the server binds the parameters, and keeps the plan of a statement that comes again and again.
    """
    mine = connections[DEFAULT_DB_ALIAS]
    if mine.vendor != "postgresql" or mine.queries_logged:
        with mine.cursor() as cursor:
            cursor.execute(statement, {name: _plain(value) for name, value in values.items()})
            return cursor.fetchall() if cursor.description else []
    mine.close_if_health_check_failed()
    mine.ensure_connection()
    with mine.wrap_database_errors, Cursor(mine.connection) as bound:
        bound.execute(statement, values)
        # Asked of the result itself: a description of its columns would be made for each statement anew.
        return bound.fetchall() if bound.pgresult and bound.pgresult.nfields else []


def time(name: str) -> str:
    """The parameter as a time; left alone, PostgreSQL takes one in a SELECT list for text."""
    return f"CAST(%({name})s AS timestamptz)" if on_postgresql() else f"%({name})s"


def json(name: str) -> str:
    """The parameter, JSON text, as JSON."""
    return f"CAST(%({name})s AS jsonb)" if on_postgresql() else f"%({name})s"


def among(name: str) -> str:
    """A condition on what stands before it: one of the ids in the parameter, which `ids` made."""
    if on_postgresql():
        return f"= ANY(CAST(%({name})s AS bigint[]))"
    return f"IN (SELECT value FROM json_each(%({name})s))"  # noqa: S608  (the name is the caller's constant)


def ids(found: Iterable[int]) -> object:
    return list(found) if on_postgresql() else dumps(list(found))


def from_now(name: str) -> str:
    """The database's own time, and so many seconds more: the parameter."""
    if on_postgresql():
        return f"STATEMENT_TIMESTAMP() + CAST(%({name})s AS double precision) * INTERVAL '1 second'"
    return f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', %({name})s || ' seconds')"


def from_epoch(expression: str) -> str:
    """Seconds since 1970, a number, as a time."""
    if on_postgresql():
        return f"TO_TIMESTAMP({expression})"
    return f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', {expression}, 'unixepoch')"


def for_update(alias: str) -> str:
    """Locks the rows, and passes over those that somebody else has locked. SQLite has one writer at a time anyway."""
    return f"FOR UPDATE OF {alias} SKIP LOCKED" if on_postgresql() else ""


def _plain(value: Any) -> Any:
    """As Django's own cursor takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def read_time(value: Any) -> datetime | None:
    """A time of a row that `run` gave: SQLite gives it without a zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def stored(times: Mapping[str, datetime | None]) -> dict[str, Any]:
    """Times as the database stores them."""
    return {name: connection.ops.adapt_datetimefield_value(at) for name, at in times.items()}
