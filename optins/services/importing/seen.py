"""Which customer_ids a file has had, and where first: beside the file, on the disk, so that memory stays flat.

A row is a repetition when the line noted for its id is an earlier one. So reading a part of the file again, after a
crash or in the run that follows the dry run, finds the same repetitions. What is noted of an id is a hash.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (id BLOB PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reached (one INTEGER PRIMARY KEY CHECK (one = 1), line INTEGER NOT NULL);
"""
# Seconds that one worker waits for another whose lease ran out and who does not know it yet.
PATIENCE = 10


class Seen:
    """`reached` is the last line up to which every row was noted."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store = store

    @property
    def reached(self) -> int:
        found = self._store.execute("SELECT line FROM reached").fetchone()
        return int(found[0]) if found else 0

    def first_lines(self, ids: Iterable[tuple[str, int]], *, up_to: int) -> dict[str, int]:
        """Notes pairs of customer_id and line; returns the line in which each id stood first."""
        pairs = [(customer_id, _digest(customer_id), line) for customer_id, line in ids]
        with self._store:
            self._store.executemany(
                "INSERT INTO seen VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET line = MIN(line, excluded.line)",
                [(digest, line) for _id, digest, line in pairs],
            )
            self._store.execute(
                "INSERT INTO reached VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET line = MAX(line, excluded.line)",
                [up_to],
            )
        find = "SELECT line FROM seen WHERE id = ?"
        return {customer_id: self._store.execute(find, [digest]).fetchone()[0] for customer_id, digest, _line in pairs}


def _digest(customer_id: str) -> bytes:
    return hashlib.blake2b(customer_id.encode(), digest_size=16).digest()


@contextmanager
def beside(file: Path) -> Iterator[Seen]:
    """The notes on `file`; new ones where there are none, or none that can be read."""
    path = file.with_suffix(".seen")
    try:
        store = _opened(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        store = _opened(path)
    with closing(store):
        yield Seen(store)


def _opened(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, timeout=PATIENCE)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = NORMAL")
    store.executescript(_SCHEMA)
    return store
