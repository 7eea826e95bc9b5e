"""What the project's own SQL has to spell differently on PostgreSQL and on SQLite."""

from datetime import datetime

from django.db import connection


def time(name: str) -> str:
    """The parameter `name` as a time: PostgreSQL takes one in a SELECT list for text unless it is told otherwise."""
    return f"CAST(%({name})s AS timestamptz)" if connection.vendor == "postgresql" else f"%({name})s"


def json(name: str) -> str:
    """The parameter `name` as JSON."""
    return f"CAST(%({name})s AS jsonb)" if connection.vendor == "postgresql" else f"%({name})s"


def stored(times: dict[str, datetime | None]) -> dict[str, object]:
    """Times as the database stores them."""
    return {name: connection.ops.adapt_datetimefield_value(at) for name, at in times.items()}
