"""Writes messages down in groups: each before its answer, all that arrive during one commit in the next."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from messenger_admin.sandbox import messages
from messenger_admin.sandbox.messages import Received
from messenger_admin.sandbox.store import connect, transaction

logger = logging.getLogger(__name__)

# What the store remembers, and how many messages pass between two looks at it.
KEEP = 500_000
TRIM_EVERY = 10_000


@dataclass(slots=True)
class Group:
    """What goes into one commit. `then` hears whether its message is on record."""

    received: list[Received] = field(default_factory=list)
    then: list[Callable[[bool], None]] = field(default_factory=list)
    answers: list[tuple[str, int | None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.received or self.answers)


class Recorder:
    """Used from the event loop; writes in a thread of its own, so that a commit holds up no connection."""

    def __init__(self, path: Path, *, keep: int = KEEP) -> None:
        self._store = connect(path, any_thread=True)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        self._keep = keep
        self._untrimmed = TRIM_EVERY
        self._waiting = Group()
        self._writing: asyncio.Task[None] | None = None
        self._closed = False

    def record(self, received: Received, then: Callable[[bool], None]) -> None:
        self._waiting.received.append(received)
        self._waiting.then.append(then)
        self._start()

    def settle(self, message_id: str, status: int | None) -> None:
        """What was answered after all to a message that is on record."""
        self._waiting.answers.append((message_id, status))
        self._start()

    async def close(self) -> None:
        """Writes what waits, and ends."""
        while self._writing:
            await self._writing
        self._closed = True
        self._thread.shutdown()
        self._store.close()

    def _start(self) -> None:
        if self._writing is None and not self._closed:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, Group()
            recorded = await loop.run_in_executor(self._thread, self._commit, group)
            for then in group.then:
                loop.call_soon(then, recorded)
        self._writing = None

    def _commit(self, group: Group) -> bool:
        try:
            with transaction(self._store):
                messages.insert(self._store, group.received)
                messages.settle(self._store, group.answers)
                self._trim(len(group.received))
        except sqlite3.Error:
            logger.exception("%d messages could not be recorded", len(group.received))
            return False
        return True

    def _trim(self, added: int) -> None:
        self._untrimmed += added
        if self._untrimmed >= TRIM_EVERY:
            messages.trim(self._store, self._keep)
            self._untrimmed = 0
