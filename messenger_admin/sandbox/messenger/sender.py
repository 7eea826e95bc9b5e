"""Posts what waits in the outbox to the app, as Facebook does: signed, in batches, again until it is answered 200."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import ParamSpec, TypeVar

from messenger_admin.sandbox.facebook import app
from messenger_admin.sandbox.messenger import batches, client, manners, outbox, posts, verification
from messenger_admin.sandbox.messenger.batches import Batch
from messenger_admin.sandbox.messenger.client import NoAnswer
from messenger_admin.sandbox.messenger.manners import Manner
from messenger_admin.sandbox.store import connect

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# How often the outbox is looked at, in seconds: while something happens there, and once nothing has for a while.
TICK, SELDOM, WHILE = 0.1, 0.5, 5.0
# How many posts may be under way at once.
AT_ONCE = 4
KEEP, TRIM_EVERY = 200_000, 10_000


class Sender:
    """Used from the event loop: one thread has the store, the others wait for answers."""

    def __init__(self, path: Path) -> None:
        self._store = connect(path, any_thread=True)
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._lines = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
        self._under_way: dict[asyncio.Task[None], Batch] = {}
        self._untrimmed = TRIM_EVERY
        self._busy_until = 0.0

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            with suppress(sqlite3.Error):
                for batch in await self._at_the_desk(self._look, tuple(self._under_way.values())):
                    self._start(batch)
                    self._busy_until = time.monotonic() + WHILE
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(TICK if time.monotonic() < self._busy_until else SELDOM)

    async def close(self) -> None:
        """What is under way is posted again another time."""
        for task in tuple(self._under_way):
            task.cancel()
        self._lines.shutdown(wait=False, cancel_futures=True)
        self._desk.shutdown()
        self._store.close()

    async def _at_the_desk(self, what: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._desk, lambda: what(*args, **named))

    def _start(self, batch: Batch) -> None:
        task = asyncio.get_running_loop().create_task(self._post(batch))
        self._under_way[task] = batch
        task.add_done_callback(self._under_way.pop)

    async def _post(self, batch: Batch) -> None:
        status, error = await asyncio.get_running_loop().run_in_executor(self._lines, _call, batch)
        await self._at_the_desk(self._note, batch, status, error)

    def _look(self, under_way: Sequence[Batch]) -> list[Batch]:
        free = AT_ONCE - len(under_way)
        now = time.time()
        if not app.this().secret or not verification.passed(self._store, now=now) or free <= 0:
            return []
        gone = {entry.id for batch in under_way for entry in batch.entries}
        limit = len(gone) + AT_ONCE * manners.largest_batch(self._store)
        waiting = [entry for entry in outbox.due(self._store, now=now, limit=limit) if entry.id not in gone]
        busy = {batch.manner for batch in under_way}
        return batches.cut(waiting, self._manner, busy, most=free)

    def _manner(self, page_id: str) -> Manner:
        return manners.load(self._store, page_id)

    def _note(self, batch: Batch, status: int | None, error: str) -> None:
        now = time.time()
        try:
            if status == HTTPStatus.OK:
                outbox.posted(self._store, batch.entries, status=status, now=now)
            else:
                outbox.failed(self._store, batch.entries, status=status, error=error, now=now)
            self._trim(len(batch.entries))
        except sqlite3.Error:
            logger.exception("what became of %d webhook events could not be noted", len(batch.entries))

    def _trim(self, added: int) -> None:
        self._untrimmed += added
        if self._untrimmed >= TRIM_EVERY:
            outbox.trim(self._store, KEEP)
            self._untrimmed = 0


def _call(batch: Batch) -> tuple[int | None, str]:
    """The status of the answer, or why there was none; and what was said where it was not 200."""
    this = app.this()
    body = posts.body(batch.entries, now=time.time())
    try:
        reply = client.post(
            verification.address(), body, posts.headers(body, this.secret), patience=batch.manner.patience
        )
    except NoAnswer as error:
        return None, str(error)
    return reply.status, "" if reply.status == HTTPStatus.OK else reply.body[:200]
