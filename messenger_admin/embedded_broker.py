"""A broker in one SQLite file, for an installation without a server: `embedded:///<percent-encoded path>`.

It carries hints for one worker process and any number of publishers. A hint that was taken and not worked on is
gone with its worker; the sweep finds its row. Nothing here may make a publisher wait, or grow without bound.
"""

import json
import sqlite3
import time
from datetime import datetime
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import unquote, urlsplit

from kombu.transport import virtual

BUSY_SECONDS = 2.0  # how long a publisher may wait for another one to finish its insert
HINT_SECONDS = 3600.0  # a hint without its own expiry says nothing new after this time
MAX_HINTS = 10_000  # about; the oldest give way, and what they pointed at is still in the database
TIDY_EVERY = 100  # inserts
WAIT_SECONDS = 0.25

SCHEMA = """
CREATE TABLE IF NOT EXISTS hint (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, expires REAL NOT NULL, payload TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS hint_by_queue ON hint (queue, id);
"""


def path_of(url: str) -> Path:
    """The file that `url` names."""
    return Path("/" + unquote(urlsplit(url).path).lstrip("/"))


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A channel moves between threads with the pool that holds it, and is never used by two at once.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(SCHEMA)
    return connection


def _expiry(message: dict[str, Any], now: float) -> float:
    """The time, in seconds since the epoch, after which a message is not worth taking."""
    expires = (message.get("headers") or {}).get("expires")
    return datetime.fromisoformat(expires).timestamp() if isinstance(expires, str) else now + HINT_SECONDS


class Channel(virtual.Channel):
    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self._file = _open(path_of(connection.client.hostname))
        # The version of the file at which a queue was last seen empty: an idle poll costs no query.
        self._empty_at: dict[str, int] = {}

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        now = time.time()
        row = (queue, _expiry(message, now), json.dumps(message))
        added = self._file.execute("INSERT INTO hint (queue, expires, payload) VALUES (?, ?, ?)", row).lastrowid or 0
        if added % TIDY_EVERY == 0:
            self._file.execute("DELETE FROM hint WHERE expires < ? OR id <= ?", (now, added - MAX_HINTS))
        self._empty_at.clear()

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        (version,) = self._file.execute("PRAGMA data_version").fetchone()
        if self._empty_at.get(queue) == version:
            raise Empty
        found = self._file.execute(
            "SELECT id, payload FROM hint WHERE queue = ? AND expires >= ? ORDER BY id LIMIT 1", (queue, time.time())
        ).fetchone()
        if found is None:
            self._empty_at[queue] = version
            raise Empty
        if not self._file.execute("DELETE FROM hint WHERE id = ?", found[:1]).rowcount:
            raise Empty
        message: dict[str, Any] = json.loads(found[1])
        return message

    def _size(self, queue: str) -> int:
        (size,) = self._file.execute("SELECT count(*) FROM hint WHERE queue = ?", (queue,)).fetchone()
        return int(size)

    def _purge(self, queue: str) -> int:
        return self._file.execute("DELETE FROM hint WHERE queue = ?", (queue,)).rowcount

    def close(self) -> None:
        super().close()
        self._file.close()


class Transport(virtual.Transport):
    Channel = Channel
    can_parse_url = True
    default_port = 0
    driver_type = "sqlite"
    driver_name = "sqlite3"
    # Each look costs; a hint that waits so long hurries nobody.
    polling_interval = 0.2
    connection_errors = (sqlite3.DatabaseError,)

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """A worker looks between two waits whether it was asked to stop: they are short."""
        super().drain_events(connection, timeout=WAIT_SECONDS if timeout is None else min(timeout, WAIT_SECONDS))

    def driver_version(self) -> str:
        return sqlite3.sqlite_version
