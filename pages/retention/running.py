"""The daily work on every kind, in small steps that are remembered: a backlog is worked off over many of them.

Idempotent, and several may run at once: whoever works on a kind says so in its row first. A kind that fails tries again
later and keeps no other from its turn.
"""

import logging
from collections import deque
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from time import monotonic

from django.db import Error, connection
from django.db.models import F

from pages.models import RetentionRun
from pages.retention.kind import Kind, Step

EVERY = timedelta(days=1)
# So long nobody else works on a kind; after a failure so long nobody tries.
TAKEN, AGAIN = timedelta(minutes=2), timedelta(hours=1)

log = logging.getLogger(__name__)


def run_due(kinds: Collection[Kind], *, now: datetime, seconds: float) -> int:
    """Steps of what is due, each kind in turn, until the time is up or nothing is left; returns what was removed."""
    ends, removed = monotonic() + seconds, 0
    mine = deque(_take_due(kinds, now))
    while mine and monotonic() < ends:
        kind = mine.popleft()
        done = one_step(kind, now=now)
        removed += done.removed if done else 0
        if done and done.after is not None:
            mine.append(kind)
    for kind in mine:
        # Taken and not finished: the next sweep goes on at once.
        RetentionRun.objects.filter(kind=kind.name).update(next_at=now)
    return removed


def one_step(kind: Kind, *, now: datetime) -> Step | None:
    """One step of a kind, written down. None: it failed, which is written down as well."""
    run = _row(kind, now)
    if run.begun_at is None or run.ended_at is not None:
        RetentionRun.objects.filter(kind=kind.name).update(begun_at=now, ended_at=None, removed=0, after="")
        run.after = ""
    turn = kind.turn(now, run.after)
    try:
        done = kind.step(turn) if turn and kind.step else Step(removed=0)
    except Error as error:
        _failed(kind, error, now)
        return None
    _write_down(kind, done, now)
    return done


def _take_due(kinds: Collection[Kind], now: datetime) -> Iterator[Kind]:
    known = dict(RetentionRun.objects.values_list("kind", "next_at"))
    due = [kind for kind in kinds if kind.step and known.get(kind.name, now) <= now]
    for kind in sorted(due, key=lambda each: known.get(each.name, now)):
        _row(kind, now)
        if RetentionRun.objects.filter(kind=kind.name, next_at__lte=now).update(next_at=now + TAKEN):
            yield kind


def _row(kind: Kind, now: datetime) -> RetentionRun:
    return RetentionRun.objects.get_or_create(kind=kind.name, defaults={"next_at": now})[0]


def _write_down(kind: Kind, done: Step, now: datetime) -> None:
    finished = done.after is None
    changes = {"ended_at": now, "next_at": now + EVERY} if finished else {"next_at": now + TAKEN}
    RetentionRun.objects.filter(kind=kind.name).update(
        **changes, after=done.after or "", removed=F("removed") + done.removed, error="", failed_at=None
    )


def _failed(kind: Kind, error: Error, now: datetime) -> None:
    """The first line alone: what a database adds may hold the very data that is to go."""
    if not connection.in_atomic_block:
        # So that the next statement has a connection that works.
        connection.close_if_unusable_or_obsolete()
    words = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:300]
    log.error("Retention of %s failed: %s", kind.name, words)
    RetentionRun.objects.filter(kind=kind.name).update(failed_at=now, error=words, next_at=now + AGAIN)
