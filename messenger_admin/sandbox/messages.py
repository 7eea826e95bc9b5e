"""The messages that the far end received: recorded, counted, read and cleared."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from messenger_admin.sandbox.store import transaction


def decode(body: bytes) -> Any:
    """What the body says as JSON, or None where it is none; NaN and Infinity, which Python would take, are none."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as it came. `body` is untouched; `status` is None where no whole answer was written."""

    message_id: str
    page_id: str
    customer_id: str
    body: bytes
    received_at: float
    status: int | None
    delivered: bool
    behaviour: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(Received):
    """`id` grows in the order of receipt."""

    id: int

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self) -> Any:
        """The decoded body, or None where it is no JSON."""
        return decode(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What one customer received on one page."""

    page_id: str
    customer_id: str
    messages: int
    last_id: int
    last_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which messages are asked for; an empty name means any, `after` and `before` are ids and exclusive."""

    page_id: str = ""
    customer_id: str = ""
    after: int = 0
    before: int | None = None
    delivered: bool | None = None

    def where(self) -> tuple[str, list[Any]]:
        terms: list[tuple[str, Any]] = [("id > ?", self.after)]
        if self.page_id:
            terms.append(("page_id = ?", self.page_id))
        if self.customer_id:
            terms.append(("customer_id = ?", self.customer_id))
        if self.before is not None:
            terms.append(("id < ?", self.before))
        if self.delivered is not None:
            terms.append(("delivered = ?", self.delivered))
        return " AND ".join(sql for sql, _ in terms), [value for _, value in terms]


_COLUMNS = "message_id, page_id, customer_id, body, received_at, status, delivered, behaviour, request_id"
_INSERT = f"INSERT INTO messages ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  (constants)


def _values(message: Received) -> tuple[Any, ...]:
    return (
        message.message_id,
        message.page_id,
        message.customer_id,
        message.body,
        message.received_at,
        message.status,
        message.delivered,
        message.behaviour,
        message.request_id,
    )


def _stored(row: sqlite3.Row) -> Stored:
    values = dict(row)
    return Stored(**values | {"body": bytes(values["body"]), "delivered": bool(values["delivered"])})


def insert(store: sqlite3.Connection, messages: Iterable[Received]) -> None:
    store.executemany(_INSERT, map(_values, messages))


def settle(store: sqlite3.Connection, answers: Iterable[tuple[str, int | None]]) -> None:
    """Writes down, by message_id, what was answered after all to messages that were recorded before."""
    store.executemany("UPDATE messages SET status = ? WHERE message_id = ?", ((status, key) for key, status in answers))


def trim(store: sqlite3.Connection, keep: int) -> None:
    """Forgets all but the newest `keep` messages."""
    store.execute("DELETE FROM messages WHERE id <= (SELECT max(id) FROM messages) - ?", (keep,))


def oldest(store: sqlite3.Connection, query: Query, limit: int) -> list[Stored]:
    """The first `limit` messages of the query, in the order of receipt."""
    where, values = query.where()
    sql = f"SELECT id, {_COLUMNS} FROM messages WHERE {where} ORDER BY id LIMIT ?"  # noqa: S608  (constants)
    return [_stored(row) for row in store.execute(sql, (*values, limit))]


def newest(store: sqlite3.Connection, query: Query, limit: int) -> list[Stored]:
    """The last `limit` messages of the query, in the order of receipt."""
    where, values = query.where()
    sql = f"SELECT id, {_COLUMNS} FROM messages WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608  (constants)
    return [_stored(row) for row in store.execute(sql, (*values, limit))][::-1]


def count(store: sqlite3.Connection, query: Query) -> int:
    where, values = query.where()
    total: int = store.execute(f"SELECT count(*) FROM messages WHERE {where}", values).fetchone()[0]  # noqa: S608
    return total


_THREADS = """
SELECT t.page_id, t.customer_id, t.messages, t.last_id, m.received_at AS last_at
FROM (SELECT page_id, customer_id, count(*) AS messages, max(id) AS last_id FROM messages
      WHERE :page_id IN ('', page_id) AND (:search = '' OR instr(lower(customer_id), lower(:search))
             OR customer_id IN (SELECT p.psid FROM psids AS p JOIN persons AS o ON o.id = p.person_id
                                WHERE instr(lower(o.name), lower(:search))))
      GROUP BY page_id, customer_id ORDER BY last_id DESC LIMIT :limit OFFSET :start) AS t
JOIN messages AS m ON m.id = t.last_id ORDER BY t.last_id DESC
"""


def threads(
    store: sqlite3.Connection, *, page_id: str = "", search: str = "", start: int = 0, limit: int = 50
) -> list[Thread]:
    """Customers with messages, the one written to last first; `search` is a part of the customer_id or the name."""
    values = {"page_id": page_id, "search": search, "start": start, "limit": limit}
    return [Thread(**dict(row)) for row in store.execute(_THREADS, values)]


def page_ids(store: sqlite3.Connection) -> list[str]:
    """The pages that received something, each found by one step in the index."""
    found: list[str] = []
    last = ""
    while row := store.execute("SELECT min(page_id) FROM messages WHERE page_id > ?", (last,)).fetchone()[0]:
        found.append(row)
        last = row
    return found


def clear(store: sqlite3.Connection, query: Query) -> int:
    """Forgets the query's messages; returns how many they were."""
    where, values = query.where()
    with transaction(store):
        return store.execute(f"DELETE FROM messages WHERE {where}", values).rowcount  # noqa: S608  (constants)
