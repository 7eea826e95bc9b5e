"""What the far end remembers: a SQLite file of its own, so that it can contradict the ledger.

One process writes messages (the stub), several read them and write behaviours (the web).
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from messenger_admin.sandbox.facebook import cast
from messenger_admin.sandbox.facebook.schema import FACEBOOK
from messenger_admin.sandbox.messenger.tables import MESSENGER

BUSY_SECONDS = 10.0

_RECORD = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of receipt; never used twice, even after a clearing
    message_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    body BLOB NOT NULL,                    -- byte for byte as it came
    received_at REAL NOT NULL,             -- seconds since the epoch
    status INTEGER,                        -- as answered; NULL where no whole answer was written
    delivered INTEGER NOT NULL,            -- whether the customer's phone shows it
    behaviour TEXT NOT NULL,               -- what the sandbox had been told to do, or empty
    request_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_customer ON messages (page_id, customer_id, id);
CREATE INDEX IF NOT EXISTS messages_by_message_id ON messages (message_id);
CREATE TABLE IF NOT EXISTS behaviours (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    page_id TEXT NOT NULL,
    customer_prefix TEXT NOT NULL,
    kind TEXT NOT NULL,
    seconds REAL NOT NULL,
    status INTEGER NOT NULL,
    retry_after TEXT NOT NULL,
    body TEXT NOT NULL,
    delivers INTEGER NOT NULL,
    remaining INTEGER,                     -- NULL: without end
    token_sha256 TEXT NOT NULL
);
"""
# Each part makes what is missing and leaves what is there. Another one of a later day is added at the end.
_SCHEMA = "".join((_RECORD, FACEBOOK, MESSENGER))
# Columns that older files lack.
_ADDED = {
    "behaviours": {
        "side": "TEXT NOT NULL DEFAULT 'iadvize'",
        "code": "INTEGER NOT NULL DEFAULT 0",
        "subcode": "INTEGER NOT NULL DEFAULT 0",
        "usage": "INTEGER NOT NULL DEFAULT 0",
        "regain": "INTEGER NOT NULL DEFAULT 0",
        "contains": "TEXT NOT NULL DEFAULT ''",
        "skip": "INTEGER NOT NULL DEFAULT 0",
    },
}
# What a file says that has all this: any change of the text above brings every file up to date.
_EDITION = zlib.crc32(repr((_SCHEMA, _ADDED)).encode()) & 0x7FFF_FFFF


def connect(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode to the store at `path`, which is made when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not any_thread)
    connection.row_factory = sqlite3.Row
    # NORMAL in WAL survives the death of the process at any moment, which is what the sandbox is for.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    if _edition(connection) != _EDITION:
        _bring_up_to_date(connection)
    return connection


def _edition(connection: sqlite3.Connection) -> int:
    edition: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return edition


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        for statement in _statements(_SCHEMA):
            connection.execute(statement)
        for table, columns in _ADDED.items():
            present = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
            for name in columns.keys() - present:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")
        cast.play(connection)
        connection.execute(f"PRAGMA user_version = {_EDITION}")


def _statements(script: str) -> Iterator[str]:
    """One by one, since `executescript` would commit what is open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(path)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Begins at once as a writer, since an upgrade from reader to writer would fail under a second writer.

    Inside another one it is a part of that.
    """
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
