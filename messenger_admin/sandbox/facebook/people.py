"""Who logs in to Facebook, and the pages that each of them looks after."""

import json
import sqlite3
from dataclasses import dataclass

ALL_TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`user_id` is what this app sees of them."""

    user_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacebookPage:
    page_id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A page and what somebody may do there."""

    page: FacebookPage
    tasks: tuple[str, ...]


def everybody(store: sqlite3.Connection) -> list[Person]:
    return [Person(**dict(row)) for row in store.execute("SELECT * FROM facebook_people ORDER BY rowid")]


def person(store: sqlite3.Connection, user_id: str) -> Person | None:
    row = store.execute("SELECT * FROM facebook_people WHERE user_id = ?", (user_id,)).fetchone()
    return Person(**dict(row)) if row else None


def page(store: sqlite3.Connection, page_id: str) -> FacebookPage | None:
    row = store.execute("SELECT * FROM facebook_pages WHERE page_id = ?", (page_id,)).fetchone()
    return FacebookPage(**dict(row)) if row else None


_ROLES = """
SELECT p.page_id, p.name, p.category, r.tasks FROM facebook_roles AS r
JOIN facebook_pages AS p ON p.page_id = r.page_id WHERE r.user_id = ? ORDER BY r.position
"""


def roles(store: sqlite3.Connection, user_id: str) -> list[Role]:
    """All pages of the person, in the order in which they came to them."""
    return [_role(row) for row in store.execute(_ROLES, (user_id,))]


def tasks(store: sqlite3.Connection, user_id: str, page_id: str) -> tuple[str, ...]:
    """What the person may do on the page; nothing where they have no part in it."""
    sql = "SELECT tasks FROM facebook_roles WHERE user_id = ? AND page_id = ?"
    row = store.execute(sql, (user_id, page_id)).fetchone()
    return tuple(json.loads(row["tasks"])) if row else ()


def add_person(store: sqlite3.Connection, who: Person) -> None:
    store.execute("INSERT OR IGNORE INTO facebook_people (user_id, name) VALUES (?, ?)", (who.user_id, who.name))


def give(store: sqlite3.Connection, user_id: str, role: Role) -> None:
    """The page from now on is one of the person's, with these tasks and no others; it is made if there is none."""
    made = role.page
    store.execute(
        "INSERT OR IGNORE INTO facebook_pages (page_id, name, category) VALUES (?, ?, ?)",
        (made.page_id, made.name, made.category),
    )
    store.execute(
        "INSERT INTO facebook_roles (user_id, page_id, tasks) VALUES (?, ?, ?) "
        "ON CONFLICT (user_id, page_id) DO UPDATE SET tasks = excluded.tasks",
        (user_id, made.page_id, json.dumps(role.tasks)),
    )


def take(store: sqlite3.Connection, user_id: str, page_id: str) -> None:
    """The person has no part in the page any more."""
    store.execute("DELETE FROM facebook_roles WHERE user_id = ? AND page_id = ?", (user_id, page_id))


def _role(row: sqlite3.Row) -> Role:
    page = FacebookPage(page_id=row["page_id"], name=row["name"], category=row["category"])
    return Role(page=page, tasks=tuple(json.loads(row["tasks"])))
