"""Where requests that are not the guide's are answered: in a thread, all that wait in one transaction.

An answer leaves after the commit, so what a sender was told is always on record.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from messenger_admin.sandbox.exchange import Plan, turned_away
from messenger_admin.sandbox.facebook import routes
from messenger_admin.sandbox.messenger import sending
from messenger_admin.sandbox.shop import routes as shop
from messenger_admin.sandbox.store import connect, transaction

logger = logging.getLogger(__name__)

# How often it looks whether something happens by itself.
TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came: `path` undecoded, `headers` with their names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Then = Callable[[Plan], None]


class Desk:
    """Used from the event loop; looks things up and writes them down in a thread of its own."""

    def __init__(self, path: Path) -> None:
        self._store = connect(path, any_thread=True)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._waiting: list[tuple[Asked, Then]] = []
        self._answering: asyncio.Task[None] | None = None
        self._closed = False

    def ask(self, asked: Asked, then: Then) -> None:
        """`then` hears the answer, in the event loop."""
        self._waiting.append((asked, then))
        if self._answering is None and not self._closed:
            self._answering = asyncio.get_running_loop().create_task(self._answer())

    async def keep_time(self) -> None:
        """Lets happen what happens without being asked for; runs until it is cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await asyncio.get_running_loop().run_in_executor(self._thread, self._tick)

    async def close(self) -> None:
        """Answers what waits, and ends."""
        while self._answering:
            await self._answering
        self._closed = True
        self._thread.shutdown()
        self._store.close()

    async def _answer(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            writing = self._thread.submit(self._commit, [asked for asked, _ in group])
            await asyncio.wait([asyncio.wrap_future(writing)])
            plans = writing.result() if not (error := writing.exception()) else _failed(error, len(group))
            for (_, then), plan in zip(group, plans, strict=True):
                then(plan)
        self._answering = None

    def _commit(self, group: list[Asked]) -> list[Plan]:
        with transaction(self._store):
            return [self._plan(asked) for asked in group]

    def _tick(self) -> None:
        try:
            if routes.wants_time(self._store):
                with transaction(self._store):
                    routes.pass_time(self._store)
        except sqlite3.Error:
            logger.exception("What was due waits for the next look")

    def _plan(self, asked: Asked) -> Plan:
        told = (asked.method, asked.path, asked.query, asked.headers, asked.body)
        found = sending.answer(self._store, *told) or routes.answer(self._store, *told)
        found = found or shop.serve(
            asked.method, asked.path, asked.query, asked.headers, public_url=settings.PUBLIC_URL
        )
        return found or turned_away(404, "There is nothing at this address.")


def _failed(error: BaseException, requests: int) -> list[Plan]:
    """Nothing of the group was written down, so none of it may hear that it was."""
    logger.error("%d requests could not be answered", requests, exc_info=error)
    return [turned_away(500, "The sandbox could not answer this.")] * requests
