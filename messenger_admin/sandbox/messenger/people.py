"""People with Messenger, and what each of them is to a page: a PSID, a thread, an open or closed window."""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

_SELECT = """
SELECT p.psid, p.page_id, p.begun, p.acted_at, p.ref, p.blocked_at, p.muted_at, p.reads, p.read_to,
       p.first_at, o.id, o.name, o.first_name, o.last_name, o.locale
FROM psids AS p JOIN persons AS o ON o.id = p.person_id
"""


_CROWD = "crowd-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a Messenger of their own; `id` is the sandbox's."""

    id: str
    name: str
    first_name: str
    last_name: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person as one page knows them. Times are seconds since the epoch.

    `begun`: they tapped Get Started or wrote. `acted_at` is their last act that opens the 24-hour window. `ref`
    is what the link carried that brought somebody who has not begun. `reads`: looking at the phone tells the page.
    """

    psid: str
    page_id: str
    person: Person
    first_at: float
    begun: bool
    acted_at: float | None
    ref: str
    blocked_at: float | None
    muted_at: float | None
    reads: bool
    read_to: float | None


def psid_of(person_id: str, page_id: str) -> str:
    """Always the same for a person on a page, and telling nothing of the person on another: 17 digits."""
    digest = hashlib.blake2b(f"{page_id}:{person_id}".encode(), digest_size=8).digest()
    return f"7{int.from_bytes(digest) % 10**16:016d}"


def everybody(store: sqlite3.Connection, *, limit: int = 100) -> list[Person]:
    """But for crowds, whom nobody would look through."""
    sql = f"SELECT * FROM persons WHERE id NOT LIKE '{_CROWD}%' ORDER BY rowid LIMIT ?"  # noqa: S608  (a constant)
    return [Person(**dict(row)) for row in store.execute(sql, (limit,))]


def person(store: sqlite3.Connection, person_id: str) -> Person | None:
    row = store.execute("SELECT * FROM persons WHERE id = ?", (person_id,)).fetchone()
    return Person(**dict(row)) if row else None


def add(store: sqlite3.Connection, persons: Iterable[Person]) -> None:
    """Those who exist already stay as they are."""
    sql = "INSERT OR IGNORE INTO persons (id, name, first_name, last_name, locale) VALUES (?, ?, ?, ?, ?)"
    store.executemany(sql, ((one.id, one.name, one.first_name, one.last_name, one.locale) for one in persons))


def contact(store: sqlite3.Connection, psid: str) -> Contact | None:
    row = store.execute(f"{_SELECT} WHERE p.psid = ?", (psid,)).fetchone()
    return _contact(row) if row else None


def contacts(
    store: sqlite3.Connection, *, page_id: str = "", search: str = "", start: int = 0, limit: int = 100
) -> list[Contact]:
    """Of a page or of all, the newest first; `search` is a part of the name or the whole PSID."""
    sql = (
        f"{_SELECT} WHERE :page_id IN ('', p.page_id)"
        " AND (:search = '' OR p.psid = :search OR instr(lower(o.name), lower(:search)))"
        " ORDER BY p.first_at DESC, p.rowid DESC LIMIT :limit OFFSET :start"
    )
    values = {"page_id": page_id, "search": search, "start": start, "limit": limit}
    return [_contact(row) for row in store.execute(sql, values)]


def named(store: sqlite3.Connection, psids: Iterable[str]) -> dict[str, str]:
    """Names by PSID; what is none is not among them."""
    wanted = list(psids)
    sql = f"{_SELECT} WHERE p.psid IN ({', '.join('?' * len(wanted))})"
    return {row["psid"]: row["name"] for row in store.execute(sql, wanted)}


def met(store: sqlite3.Connection, person_id: str, page_id: str, *, now: float) -> Contact:
    """The person as the page knows them, from now on if it did not. Raises LookupError: there is no such person."""
    if person(store, person_id) is None:
        raise LookupError(person_id)
    psid = psid_of(person_id, page_id)
    sql = "INSERT OR IGNORE INTO psids (psid, person_id, page_id, first_at) VALUES (?, ?, ?, ?)"
    store.execute(sql, (psid, person_id, page_id, now))
    found = contact(store, psid)
    if found is None or (found.person.id, found.page_id) != (person_id, page_id):
        raise LookupError(psid)
    return found


def crowd(store: sqlite3.Connection, page_id: str, count: int, *, now: float) -> list[str]:
    """`count` people who all wrote to the page just now, for tests of many; their PSIDs. Call it in a transaction."""
    ids = {n: f"{_CROWD}{n}" for n in range(1, count + 1)}
    add(
        store,
        (Person(id=ids[n], name=f"Visitor {n}", first_name="Visitor", last_name=f"{n}", locale="en_US") for n in ids),
    )
    rows = [(psid_of(one, page_id), one, page_id, now, now) for one in ids.values()]
    store.executemany(
        "INSERT INTO psids (psid, person_id, page_id, first_at, begun, acted_at) VALUES (?, ?, ?, ?, 1, ?)"
        " ON CONFLICT (psid) DO UPDATE SET begun = 1, acted_at = excluded.acted_at",
        rows,
    )
    return [row[0] for row in rows]


def acted(store: sqlite3.Connection, psid: str, at: float) -> None:
    """Opens the window: the person wrote, tapped, arrived or reacted."""
    store.execute("UPDATE psids SET begun = 1, ref = '', acted_at = ? WHERE psid = ?", (at, psid))


def arrived(store: sqlite3.Connection, psid: str, ref: str) -> None:
    """Somebody without a thread came by a link: its ref waits until they begin."""
    store.execute("UPDATE psids SET ref = ? WHERE psid = ?", (ref, psid))


def block(store: sqlite3.Connection, psid: str, at: float | None) -> None:
    store.execute("UPDATE psids SET blocked_at = ? WHERE psid = ?", (at, psid))


def mute(store: sqlite3.Connection, psid: str, at: float | None) -> None:
    store.execute("UPDATE psids SET muted_at = ? WHERE psid = ?", (at, psid))


def let_read(store: sqlite3.Connection, psid: str, *, reads: bool) -> None:
    store.execute("UPDATE psids SET reads = ? WHERE psid = ?", (reads, psid))


def has_read(store: sqlite3.Connection, psid: str, watermark: float) -> bool:
    """False when as much was read before."""
    sql = "UPDATE psids SET read_to = ? WHERE psid = ? AND (read_to IS NULL OR read_to < ?)"
    return store.execute(sql, (watermark, psid, watermark)).rowcount == 1


def _contact(row: sqlite3.Row) -> Contact:
    values = dict(row)
    who = Person(**{name: values.pop(name) for name in ("id", "name", "first_name", "last_name", "locale")})
    return Contact(**values | {"person": who, "begun": bool(values["begun"]), "reads": bool(values["reads"])})
