"""How webhooks are posted: told for one page, or for all. What nobody told is as Facebook does it on a good day."""

import json
import sqlite3
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self


class Read(StrEnum):
    """When a message counts as read."""

    LOOKED = "looked"  # when somebody looks at the phone
    AT_ONCE = "at_once"  # as soon as it arrives
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Seconds, and counts. A page's manner holds for its own events.

    `batch` is the most events of one POST: as many as are due (Facebook: up to 1,000). `wait` passes before an event
    is posted first. `shuffle`: in no order at all. `copies`: how often each is posted. `mids`, `timestamps`: whether
    receipts name messages, and events a time. `receipts`: whether deliveries are told of. `echo_first`: the echo is
    posted before the call that caused it is answered. `standby`: another app has the thread. `patience` is how long
    an answer may take; `retry` passes before the second try, and twice that before each further one; after
    `give_up` of nothing but failures the page is unsubscribed.
    """

    batch: int = 100
    wait: float = 0.0
    shuffle: bool = False
    copies: int = 1
    receipts: bool = True
    mids: bool = True
    timestamps: bool = True
    read: Read = Read.LOOKED
    echo_first: bool = False
    standby: bool = False
    patience: float = 5.0
    retry: float = 1.0
    give_up: float = 3_600.0

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in told.items() if name in known}
        return cls(**values | ({"read": Read(values["read"])} if "read" in values else {}))


# The longest pause between two tries of one post.
LONGEST_PAUSE = 300.0
USUAL = Manner()


def pause(manner: Manner, tries: int) -> float:
    """Seconds before the next try, after so many."""
    return min(manner.retry * 2.0 ** min(tries - 1, 20), LONGEST_PAUSE)


def load(store: sqlite3.Connection, page_id: str = "") -> Manner:
    """What holds for a page: its own, or else everybody's, or the usual."""
    sql = "SELECT told FROM manners WHERE page_id IN (?, '') ORDER BY page_id DESC LIMIT 1"
    row = store.execute(sql, (page_id,)).fetchone()
    return Manner.of(json.loads(row["told"])) if row else USUAL


def told(store: sqlite3.Connection) -> dict[str, Manner]:
    """By page; the empty page is all the others."""
    rows = store.execute("SELECT page_id, told FROM manners ORDER BY page_id")
    return {row["page_id"]: Manner.of(json.loads(row["told"])) for row in rows}


def largest_batch(store: sqlite3.Connection) -> int:
    return max([USUAL.batch, *(manner.batch for manner in told(store).values())])


def tell(store: sqlite3.Connection, page_id: str = "", /, **changes: Any) -> Manner:
    """Changes what holds for a page, and returns it whole."""
    manner = replace(load(store, page_id), **changes)
    store.execute(
        "INSERT INTO manners (page_id, told) VALUES (?, ?) ON CONFLICT (page_id) DO UPDATE SET told = excluded.told",
        (page_id, json.dumps(asdict(manner))),
    )
    return manner


def forget(store: sqlite3.Connection, page_id: str | None = None) -> int:
    """Back to the usual, for one page or everywhere; returns how many tellings went."""
    if page_id is None:
        return store.execute("DELETE FROM manners").rowcount
    return store.execute("DELETE FROM manners WHERE page_id = ?", (page_id,)).rowcount
