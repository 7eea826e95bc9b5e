"""The thread that sends, with a queue before and a queue behind it."""

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import ClassVar, NamedTuple

from notifications.gateway.contract import Answer, Fault, Request
from notifications.gateway.wire.multi import Multi
from notifications.gateway.wire.transfer import Terms, Transfer


class WireClosed(RuntimeError):
    """The wire was closed or its thread died; what was in flight gets no answer."""


class _Job(NamedTuple):
    """A request that waits; jobs start in the order of these fields."""

    not_before: float
    number: int
    key: int
    request: Request


class Wire:
    """One thread that sends, for one other that submits and collects. Times are in seconds.

    `guard` is asked before each request starts and again right before its first byte leaves; when it says no, the
    request comes back as ABANDONED. `gap` is the least time between two starts: what a busy machine held up is not
    caught up with all at once. `may_connect` is for tests: when set, it is asked before any socket is opened.
    """

    may_connect: ClassVar[Callable[[str], bool] | None] = None

    def __init__(self, *, max_in_flight: int, connect_timeout: float, total_timeout: float, ca_file: str = "") -> None:
        self.guard: Callable[[], bool] | None = None
        self.gap = 0.0
        self._open_at = 0.0
        self._multi = Multi()
        self._terms = Terms(
            connect_timeout=connect_timeout,
            total_timeout=total_timeout,
            ca_file=ca_file,
            may_leave=self._may_leave,
            peer_left=self._multi.peer_left,
            may_connect=type(self).may_connect,
        )
        self._limit = max_in_flight
        self._numbers = itertools.count()
        self._inbox: deque[_Job] = deque()
        self._due: list[_Job] = []
        self._free: list[Transfer] = []
        self._ready: list[tuple[int, Answer]] = []
        self._done: SimpleQueue[list[tuple[int, Answer]]] = SimpleQueue()
        self._submitted = self._begun = self._ended = self._collected = 0
        self._abandoned = self._closing = self._asleep = self._ran_out = False
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()

    # -- the caller's side -----------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        return not (self._closing or self._ran_out)

    @property
    def waiting(self) -> int:
        """Submitted and not started."""
        return self._submitted - self._begun

    @property
    def in_flight(self) -> int:
        return self._begun - self._ended

    @property
    def outstanding(self) -> int:
        """Submitted and not yet collected."""
        return self._submitted - self._collected

    def submit(self, key: int, request: Request, *, not_before: float = 0.0) -> None:
        """Starts it at `not_before` (time.monotonic), or as soon after as the ceiling in flight allows."""
        self._check()
        self._submitted += 1
        self._inbox.append(_Job(not_before, next(self._numbers), key, request))
        self._wake()

    def completed(self, timeout: float) -> list[tuple[int, Answer]]:
        """All that came back, with their keys; waits up to `timeout` for the first."""
        answers: list[tuple[int, Answer]] = []
        try:
            answers += self._done.get(timeout=max(timeout, 0.0))
            while True:
                answers += self._done.get_nowait()
        except Empty:
            pass
        if not answers:
            self._check()
        self._collected += len(answers)
        return answers

    def set_limit(self, limit: int) -> None:
        """The ceiling in flight from now on; what is in flight already stays."""
        self._limit = limit
        self._wake()

    def abandon(self) -> None:
        """Nothing more leaves: what has not, and what is still to be submitted, comes back as ABANDONED."""
        self._abandoned = True
        self._wake()

    def renew(self) -> None:
        """Makes it ready for another borrower, who finds nothing abandoned and sets a guard of its own."""
        self._abandoned, self.guard, self.gap = False, None, 0.0

    def close(self) -> None:
        """Drops what is in flight, and every connection."""
        if self._closing:
            return
        self._closing = True
        self._wake()
        self._thread.join()
        self._multi.close()

    def _check(self) -> None:
        if not self.alive:
            raise WireClosed("The wire is closed.")

    def _wake(self) -> None:
        """The thread says that it goes to sleep before it looks for work a last time, so that none is missed."""
        if self._asleep:
            self._asleep = False
            self._multi.wake()

    # -- the thread's side -----------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._closing:
                self._start_due()
                self._asleep = True
                ended = self._multi.turn(self._patience())
                self._asleep = False
                for transfer, code, words in ended:
                    self._settle(transfer, code, words)
                self._deliver()
        finally:
            self._asleep, self._ran_out = False, True
            self._done.put([])  # wakes whoever waits for answers that won't come

    def _patience(self) -> float | None:
        """How long there is nothing to start."""
        if self._inbox or self._closing or (self._abandoned and self._due):
            return 0.0
        if self._due and len(self._multi) < self._limit:
            return max(self._due[0].not_before, self._open_at) - time.monotonic()
        return None

    def _start_due(self) -> None:
        while self._inbox:
            heapq.heappush(self._due, self._inbox.popleft())
        now = time.monotonic()
        while self._due and (self._abandoned or self._may_start(now)):
            self._open_at = now + self.gap
            self._start(heapq.heappop(self._due))
        self._deliver()

    def _may_start(self, now: float) -> bool:
        soonest = max(self._due[0].not_before, self._open_at)
        return soonest <= now and len(self._multi) < self._limit

    def _start(self, job: _Job) -> None:
        self._begun += 1
        if not self._may_leave():
            self._end(job.key, Answer(status=None, fault=Fault.ABANDONED, started_at=time.time()))
            return
        transfer = self._free.pop() if self._free else Transfer(self._terms)
        transfer.load(job.key, job.request)
        self._multi.add(transfer)

    def _settle(self, transfer: Transfer, code: int, words: str) -> None:
        if transfer.stale:
            transfer.reload()
            self._multi.add(transfer)
            return
        self._end(transfer.key, transfer.answer(code, words))
        self._free.append(transfer)

    def _may_leave(self) -> bool:
        return not self._abandoned and (self.guard is None or self.guard())

    def _end(self, key: int, answer: Answer) -> None:
        self._ended += 1
        self._ready.append((key, answer))

    def _deliver(self) -> None:
        """In one go for a turn of the loop: each delivery may wake the other thread."""
        if self._ready:
            self._done.put(self._ready)
            self._ready = []
