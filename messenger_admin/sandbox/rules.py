"""The behaviours in the store: told by the web, obeyed by the stub from its very next request on."""

import sqlite3
from dataclasses import asdict, fields

from messenger_admin.sandbox.behaviours import Behaviour, Kind, Side

_COLUMNS = [field.name for field in fields(Behaviour) if field.name != "id"]
_INSERT = f"INSERT INTO behaviours ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"  # noqa: S608


def _behaviour(row: sqlite3.Row) -> Behaviour:
    values = dict(row)
    known = {"kind": Kind(values["kind"]), "side": Side(values["side"]), "delivers": bool(values["delivers"])}
    return Behaviour(**values | known)


def load(store: sqlite3.Connection, side: Side | None = None) -> list[Behaviour]:
    """What was told, for one side or for all."""
    rows = store.execute("SELECT * FROM behaviours WHERE ? IN ('', side) ORDER BY id", (side or "",))
    return [_behaviour(row) for row in rows]


def add(store: sqlite3.Connection, behaviour: Behaviour) -> Behaviour:
    """The behaviour as it is stored, with its id."""
    cursor = store.execute(_INSERT, asdict(behaviour))
    row = store.execute("SELECT * FROM behaviours WHERE id = ?", (cursor.lastrowid,)).fetchone()
    return _behaviour(row)


def remove(store: sqlite3.Connection, behaviour_id: int | None = None) -> int:
    """Removes one, or all without an id; returns how many."""
    if behaviour_id is None:
        return store.execute("DELETE FROM behaviours").rowcount
    return store.execute("DELETE FROM behaviours WHERE id = ?", (behaviour_id,)).rowcount


def use_up(store: sqlite3.Connection, behaviour: Behaviour) -> bool:
    """Counts one request down; False when a request before it took the last one."""
    sql = "UPDATE behaviours SET remaining = remaining - 1 WHERE id = ? AND remaining > 0"
    return store.execute(sql, (behaviour.id,)).rowcount == 1


def let_pass(store: sqlite3.Connection, behaviour: Behaviour) -> bool:
    """Counts one of those down that pass before it applies; False when none is left."""
    sql = "UPDATE behaviours SET skip = skip - 1 WHERE id = ? AND skip > 0"
    return store.execute(sql, (behaviour.id,)).rowcount == 1


def bind(store: sqlite3.Connection, behaviour: Behaviour, token_sha256: str) -> None:
    """Fixes which token is refused from now on."""
    sql = "UPDATE behaviours SET token_sha256 = ? WHERE id = ? AND token_sha256 = ''"
    store.execute(sql, (token_sha256, behaviour.id))
