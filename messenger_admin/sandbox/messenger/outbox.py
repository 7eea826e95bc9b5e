"""Webhook events on their way to the app: put here by whatever happens, posted by sender.py."""

import json
import random
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from messenger_admin.sandbox.facebook import subscriptions
from messenger_admin.sandbox.messenger import manners
from messenger_admin.sandbox.messenger.events import Field, News
from messenger_admin.sandbox.messenger.manners import Manner
from messenger_admin.sandbox.store import transaction

WAITING, DONE, GIVEN_UP = "waiting", "done", "given_up"
# Seconds by which events that are shuffled overtake each other.
SHUFFLED_WITHIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. Times are seconds since the epoch; `status` is that of the last answer, None where none came."""

    id: int
    page_id: str
    field: str
    event: str
    at: float
    due_at: float
    state: str
    tries: int
    status: int | None
    error: str
    posted_at: float | None

    @property
    def json(self) -> Any:
        return json.loads(self.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """How posting for a page fares; `disabled_at` is when Facebook stopped and unsubscribed the page."""

    page_id: str
    failing_since: float | None
    disabled_at: float | None


def put(store: sqlite3.Connection, page_id: str, news: Iterable[News], *, now: float) -> int:
    """Puts what `page_id` is subscribed to of `news` here; returns how many posts of an event that will be."""
    wanted = set(subscriptions.fields_of(store, page_id))
    chosen = [one for one in news if one.field in wanted]
    if not chosen:
        return 0
    manner = manners.load(store, page_id)
    if manner.standby and Field.STANDBY in wanted:
        chosen = [_overheard(one) for one in chosen]
    rows = [
        (page_id, one.field, _written(one.event, timestamps=manner.timestamps), now, now + one.after + _wait(manner))
        for one in chosen
        for _copy in range(manner.copies)
    ]
    store.executemany("INSERT INTO outbox (page_id, field, event, at, due_at) VALUES (?, ?, ?, ?, ?)", rows)
    return len(rows)


def _wait(manner: Manner) -> float:
    # No secret: it has to be different, not unguessable.
    return manner.wait + (random.uniform(0.0, SHUFFLED_WITHIN) if manner.shuffle else 0.0)  # noqa: S311


# What an app still hears of a thread that another one has.
STANDS_BY = frozenset({Field.MESSAGES, Field.POSTBACKS, Field.DELIVERIES, Field.READS, Field.ECHOES})


def _overheard(news: News) -> News:
    if news.field not in STANDS_BY:
        return news
    event = news.event
    if "postback" in event:
        kept = {name: value for name, value in event["postback"].items() if name != "payload"}
        event = {**event, "postback": kept}
    return News(Field.STANDBY, event, news.after)


def _written(event: Mapping[str, Any], *, timestamps: bool) -> str:
    kept = event if timestamps else {name: value for name, value in event.items() if name != "timestamp"}
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":"))


def announce(store: sqlite3.Connection, page_id: str, change: Mapping[str, Any]) -> None:
    """A `changes` entry of the page: `{"field": "message_template_status_update", "value": {…}}`."""
    put(store, page_id, [News(Field(change["field"]), dict(change))], now=time.time())


def due(store: sqlite3.Connection, *, now: float, limit: int) -> list[Entry]:
    """What shall be posted by now, the longest due first."""
    sql = "SELECT * FROM outbox WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?"
    return [_entry(row) for row in store.execute(sql, (now, limit))]


def next_due(store: sqlite3.Connection) -> float | None:
    """When the next event is due; None when nothing waits."""
    at: float | None = store.execute("SELECT min(due_at) FROM outbox WHERE state = 'waiting'").fetchone()[0]
    return at


def posted(store: sqlite3.Connection, entries: Sequence[Entry], *, status: int, now: float) -> None:
    """The app answered 200."""
    with transaction(store):
        store.executemany(
            "UPDATE outbox SET state = 'done', tries = tries + 1, status = ?, error = '', posted_at = ? WHERE id = ?",
            [(status, now, entry.id) for entry in entries],
        )
        store.executemany(
            "UPDATE hooks SET failing_since = NULL WHERE page_id = ? AND failing_since IS NOT NULL",
            [(page_id,) for page_id in {entry.page_id for entry in entries}],
        )


def failed(store: sqlite3.Connection, entries: Sequence[Entry], *, status: int | None, error: str, now: float) -> None:
    """The app answered something else, or not in time: tried again, until a page has failed for too long."""
    with transaction(store):
        for page_id in {entry.page_id for entry in entries}:
            manner = manners.load(store, page_id)
            store.executemany(
                "UPDATE outbox SET tries = tries + 1, status = ?, error = ?, posted_at = ?, due_at = ? WHERE id = ?",
                [
                    (status, error, now, now + manners.pause(manner, entry.tries + 1), entry.id)
                    for entry in entries
                    if entry.page_id == page_id
                ],
            )
            if now - _failing_since(store, page_id, now) >= manner.give_up:
                disable(store, page_id, now=now)


def _failing_since(store: sqlite3.Connection, page_id: str, now: float) -> float:
    store.execute(
        "INSERT INTO hooks (page_id, failing_since) VALUES (?, ?)"
        " ON CONFLICT (page_id) DO UPDATE SET failing_since = coalesce(failing_since, excluded.failing_since)",
        (page_id, now),
    )
    since: float = store.execute("SELECT failing_since FROM hooks WHERE page_id = ?", (page_id,)).fetchone()[0]
    return since


def disable(store: sqlite3.Connection, page_id: str, *, now: float) -> None:
    """Facebook's "Webhooks disabled": what waits is dropped, and the page has to be subscribed again."""
    store.execute("UPDATE hooks SET disabled_at = ?, failing_since = NULL WHERE page_id = ?", (now, page_id))
    store.execute("UPDATE outbox SET state = 'given_up' WHERE page_id = ? AND state = 'waiting'", (page_id,))
    subscriptions.unsubscribe(store, page_id)


def enable(store: sqlite3.Connection, page_id: str) -> None:
    """The page was subscribed (again)."""
    store.execute("DELETE FROM hooks WHERE page_id = ?", (page_id,))


def hooks(store: sqlite3.Connection) -> list[Hook]:
    sql = "SELECT * FROM hooks WHERE failing_since IS NOT NULL OR disabled_at IS NOT NULL ORDER BY page_id"
    return [Hook(**dict(row)) for row in store.execute(sql)]


def newest(
    store: sqlite3.Connection, *, page_id: str = "", state: str = "", before: int | None = None, limit: int = 100
) -> list[Entry]:
    sql = (
        "SELECT * FROM outbox WHERE :page_id IN ('', page_id) AND :state IN ('', state)"
        " AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit"
    )
    values = {"page_id": page_id, "state": state, "before": before, "limit": limit}
    return [_entry(row) for row in store.execute(sql, values)]


def count(store: sqlite3.Connection, state: str = WAITING) -> int:
    total: int = store.execute("SELECT count(*) FROM outbox WHERE state = ?", (state,)).fetchone()[0]
    return total


def trim(store: sqlite3.Connection, keep: int) -> None:
    """Forgets all but the newest `keep`, and never one that waits."""
    store.execute("DELETE FROM outbox WHERE id <= (SELECT max(id) FROM outbox) - ? AND state != 'waiting'", (keep,))


def clear(store: sqlite3.Connection) -> int:
    """Forgets what was posted or given up, and drops what waits; returns how many they were."""
    return store.execute("DELETE FROM outbox").rowcount


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(**dict(row))
