"""How each page greets: Get Started, greeting and the rest, and how often that was asked or changed lately."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

CALLS, SECONDS = 10, 600


def of(store: sqlite3.Connection, page_id: str) -> dict[str, Any]:
    """What is set, by name."""
    rows = store.execute("SELECT name, value FROM facebook_profiles WHERE page_id = ? ORDER BY name", (page_id,))
    return {row["name"]: json.loads(row["value"]) for row in rows}


def write(store: sqlite3.Connection, page_id: str, values: Mapping[str, Any]) -> None:
    store.executemany(
        "INSERT OR REPLACE INTO facebook_profiles (page_id, name, value) VALUES (?, ?, ?)",
        [(page_id, name, json.dumps(value)) for name, value in values.items()],
    )


def erase(store: sqlite3.Connection, page_id: str, names: Iterable[str]) -> None:
    sql = "DELETE FROM facebook_profiles WHERE page_id = ? AND name = ?"
    store.executemany(sql, [(page_id, name) for name in names])


def count(store: sqlite3.Connection, page_id: str, now: float) -> bool:
    """Counts a call; False when there were too many in the last ten minutes."""
    store.execute("DELETE FROM facebook_profile_calls WHERE called_at <= ?", (now - SECONDS,))
    sql = "SELECT count(*) FROM facebook_profile_calls WHERE page_id = ?"
    if store.execute(sql, (page_id,)).fetchone()[0] >= CALLS:
        return False
    store.execute("INSERT INTO facebook_profile_calls (page_id, called_at) VALUES (?, ?)", (page_id, now))
    return True
