"""Conversations by what was said in them, or by the person's name; the newest first.

Keys come first, rows after: a word that a million messages hold costs as little as one that two of them hold. On
PostgreSQL the newest rows are read one by one, which finds what is common; what is not found there is rare enough for
the index over words. The planner, which takes every beginning of a word for common, is left no choice between the two.
SQLite's index is in the order of the keys already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from pages.conversations.words import for_postgresql, for_sqlite
from pages.models import Thread, ThreadMessage

MOST_MESSAGES = 100
MOST_THREADS = 50
# So many of the newest rows are read one by one; so many keys are taken of those that the index knows.
NEWEST, MOST_KEYS = 5_000, 10_000
BATCH = 900

_WORDS = "{column} <> '' AND pages_words({column}) @@ to_tsquery('pg_catalog.simple', %s)"
_OF_THE_NEWEST = f"SELECT id FROM {{table}} WHERE id > %s AND {_WORDS} ORDER BY id DESC"  # noqa: S608  (no value in it)
# Without an order, so that nothing but the index over words can serve it.
_OF_ALL = f"WITH found AS MATERIALIZED (SELECT id FROM {{table}} WHERE {_WORDS} LIMIT %s) SELECT id FROM found"  # noqa: S608
_IN_SQLITE = "SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s ORDER BY rowid DESC LIMIT %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The newest message of a thread that holds the words."""

    thread_pk: int
    message_pk: int
    text: str


def named(asked: str, **narrowed: Any) -> list[int]:
    """Keys of the threads of people whose name has the words, the newest conversation first."""
    rows = Thread.objects.filter(**narrowed).values_list("last_at", "pk")
    found = islice(_found(rows, _keys(Thread, "name", asked)), MOST_THREADS)
    return [pk for _last_at, pk in sorted(found, reverse=True)]


def said(asked: str, **narrowed: Any) -> list[Said]:
    """By thread, in the order of the newest words found. `narrowed` are conditions on the thread."""
    of_threads = {f"thread__{name}": value for name, value in narrowed.items()}
    rows = ThreadMessage.objects.filter(**of_threads).values_list("thread_id", "pk", "text")
    by_thread: dict[int, Said] = {}
    for thread_pk, message_pk, text in islice(_found(rows, _keys(ThreadMessage, "text", asked)), MOST_MESSAGES):
        by_thread.setdefault(thread_pk, Said(thread_pk=thread_pk, message_pk=message_pk, text=text))
    return list(by_thread.values())[:MOST_THREADS]


def _found(rows: QuerySet[Any, Any], keys: Iterator[Sequence[int]]) -> Iterator[Any]:
    """The rows of the keys, as long as somebody asks for more."""
    for some in keys:
        for start in range(0, len(some), BATCH):
            yield from rows.filter(pk__in=some[start : start + BATCH]).order_by("-pk")


def _keys(model: type[Thread] | type[ThreadMessage], column: str, asked: str) -> Iterator[list[int]]:
    """Those that hold the words, the newest first, each once."""
    table = model._meta.db_table
    if connection.vendor != "postgresql":
        if query := for_sqlite(asked):
            yield _asked(_IN_SQLITE.format(table=table), query, MOST_KEYS)
        return
    if query := for_postgresql(asked):
        newest = model.objects.aggregate(newest=Max("pk"))["newest"] or 0
        first = _asked(_OF_THE_NEWEST.format(table=table, column=column), newest - NEWEST, query)
        yield first
        if newest > NEWEST:
            found = _asked(_OF_ALL.format(table=table, column=column), query, MOST_KEYS)
            yield sorted(set(found) - set(first), reverse=True)


def _asked(statement: str, *values: str | int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]
