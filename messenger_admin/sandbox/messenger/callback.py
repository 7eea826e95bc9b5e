"""The app's address for webhooks, and whether it proved that it is the app's (`hub.challenge`)."""

import sqlite3
from dataclasses import dataclass

# Until the address has proved itself it is asked again, after so many seconds.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """`verified_at` is None until the challenge came back; `error` is what came instead of it the last time."""

    asked_at: float
    due_at: float
    tries: int
    verified_at: float | None
    error: str

    @property
    def is_open(self) -> bool:
        """Whether the address still has to answer the latest challenge."""
        return self.verified_at is None or self.verified_at < self.asked_at


def load(store: sqlite3.Connection) -> Callback | None:
    """None where nobody subscribed yet."""
    row = store.execute("SELECT asked_at, due_at, tries, verified_at, error FROM callback WHERE id = 1").fetchone()
    return Callback(**dict(row)) if row else None


def verify(store: sqlite3.Connection, *, now: float) -> None:
    """A subscription was made: the address is asked, and as long as it never answered rightly nothing is posted."""
    store.execute(
        "INSERT INTO callback (id, asked_at, due_at) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET asked_at = excluded.asked_at, due_at = excluded.due_at, tries = 0, error = ''",
        (now, now),
    )


def verified(store: sqlite3.Connection, *, now: float) -> None:
    store.execute("UPDATE callback SET verified_at = ?, tries = tries + 1, error = '' WHERE id = 1", (now,))


def refused(store: sqlite3.Connection, error: str, *, now: float) -> None:
    found = load(store)
    pause = min(FIRST_PAUSE * 2.0 ** min(found.tries if found else 0, 10), LONGEST_PAUSE)
    sql = "UPDATE callback SET due_at = ?, tries = tries + 1, error = ? WHERE id = 1"
    store.execute(sql, (now + pause, error))
