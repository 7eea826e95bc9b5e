"""The loop that drains one page's due deliveries: mark, commit, send, record.

Two threads: the wire's, which sends, and this one, which marks the next rows and records what came back. What is
marked but not recorded when the process dies is what the next pump declares unknown.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from notifications.concurrency import Concurrency
from notifications.gateway.contract import Answer, Fault, Verdict
from notifications.gateway.wire import Wire
from notifications.pace import Pace, in_turn
from notifications.services import enveloping, lease, marking, people, recording, watching
from notifications.services.judging import Judged, judge, result, results_by_campaign
from notifications.services.marking import Batch, Marked
from notifications.services.resting import Rest
from notifications.services.turns import Turns
from notifications.services.ways_out import WayOut
from notifications.shutdown import stopping

logger = logging.getLogger(__name__)

# Results wait at most this long, in seconds, before they are written.
FLUSH_SECONDS = 0.25
# How long to wait for the wire at a time, and before asking again for rows after none were due, in seconds.
WAIT_SECONDS = 0.25
LOOK_AGAIN_SECONDS = 0.5
# An answer that takes longer, in seconds, does not keep newer rows waiting for the end of the slice.
SLOW_SECONDS = 1.0
# How long results are kept in memory, in seconds, for a database that does not answer.
DATABASE_PATIENCE = 120.0


@dataclass(slots=True)
class Pump:
    """One holding of a page's lease. After `run`, `halted` says that the page must not be tried at once again."""

    way_out: WayOut
    held: lease.Held
    wire: Wire
    pace: Pace
    rest: Rest
    concurrency: Concurrency
    turns: Turns = field(default_factory=Turns)
    halted: bool = False
    waiting: dict[int, tuple[Marked, float]] = field(default_factory=dict)
    judged: list[Judged] = field(default_factory=list)
    # The messages whose next part may go out, as of what was written last.
    standing: frozenset[int] = frozenset()
    ends_at: float = 0.0
    flushed_at: float = 0.0
    renewed_at: float = 0.0
    look_again_at: float = 0.0
    room_again_at: float = 0.0
    # When the next message of a campaign with a pace of its own may start, by its id.
    spaced: dict[int, float] = field(default_factory=dict)

    def run(self) -> None:
        """Works for one slice, and until everything it marked is recorded."""
        self.flushed_at = self.renewed_at = time.monotonic()
        self.ends_at = self.renewed_at + settings.PUMP_SLICE
        self.wire.set_limit(self.concurrency.limit)
        while self.waiting or self.judged or self._may_mark():
            if self._may_mark():
                self._mark()
            self._take()
            self._flush()
            self._keep_lease()
        if self.halted:
            self._persist(self._put_back_unsent)

    def _may_mark(self) -> bool:
        if stopping.is_set():
            self._halt()
        now = time.monotonic()
        return not self.halted and now >= self.look_again_at and (now < self.ends_at or self._slow(now))

    def _slow(self, now: float) -> bool:
        """Past the slice, while old requests hang: the slot is taken anyway, so newer rows may use it."""
        if not self.waiting or now > self.ends_at + settings.TOTAL_TIMEOUT:
            return False
        _row, started_at = next(iter(self.waiting.values()))
        return now - started_at > SLOW_SECONDS

    def _halt(self) -> None:
        """Marks nothing more, and calls back what no socket was opened for."""
        if not self.halted:
            self.halted = True
            self.wire.abandon()

    # -- mark ------------------------------------------------------------------------------------------------

    def _mark(self) -> None:
        """Keeps one batch ahead of the wire, within the page's pace."""
        now, marked_at = timezone.now(), time.monotonic()
        most = self.pace.room(marked_at, settings.BATCH_SIZE)
        if not most or marked_at < self.room_again_at or not self._has_room():
            return
        # Written with the mark, so that the next holder keeps the pace even if this process dies right after.
        handed_over = now + timedelta(seconds=self.pace.after(most, marked_at))
        try:
            batch = marking.mark(
                held=self.held,
                now=now,
                most=most,
                ahead=self.pace.after(0, marked_at),
                direct=self.way_out.direct,
                next_send_at=handed_over,
                in_flight=self.concurrency.limit,
                latency=self.concurrency.best,
            )
        except (marking.LeaseLost, OperationalError, InterfaceError) as error:
            logger.warning("Page %s: stops marking: %r", self.way_out.page_id, error)
            self._halt()
            return
        self.renewed_at = time.monotonic()
        self._plan(batch)
        earliest = [self._earliest(row, marked_at) for row in batch.rows]
        for place, start in in_turn(self.pace, earliest, self.renewed_at):
            self._submit(batch.rows[place], start)

    def _earliest(self, row: Marked, marked_at: float) -> float:
        """When it may start. What marking was late by is not caught up with: its campaign's next ones are as late."""
        soonest = max(marked_at + row.delay, self.renewed_at)
        if row.campaign_id and row.spacing:
            soonest = max(soonest, self.spaced.get(row.campaign_id, 0.0))
            self.spaced[row.campaign_id] = soonest + row.spacing
        return soonest

    def _plan(self, batch: Batch) -> None:
        """When to mark next. A campaign that its own pace holds back is waited for, as the page's pace is."""
        if batch.more:
            return
        if batch.wait is None:
            self.look_again_at = self.renewed_at + LOOK_AGAIN_SECONDS
        else:
            self.room_again_at = self.renewed_at + min(batch.wait, WAIT_SECONDS)

    def _submit(self, row: Marked, start: float) -> None:
        if (first := self.turns.begin(row, start)) is not None:
            self._send(first, start)

    def _send(self, row: Marked, start: float) -> None:
        request = self.way_out.gateway.build(enveloping.envelope(row, self.way_out))
        self.waiting[row.delivery_id] = (row, start)
        self.wire.submit(row.delivery_id, request, not_before=start)

    def _has_room(self) -> bool:
        return len(self.waiting) + self.turns.behind <= self.concurrency.limit

    # -- send ------------------------------------------------------------------------------------------------

    def _patience(self) -> float:
        """How long the wire may be waited for: not at all while there is marking or recording to do."""
        if self._may_mark() and self._has_room():
            now = time.monotonic()
            return min(WAIT_SECONDS, max(self.pace.until_room(now), self.room_again_at - now))
        return WAIT_SECONDS if self.waiting else 0.0

    def _take(self) -> None:
        answers = self.wire.completed(0) if self.waiting else []
        patience = 0.0 if answers else self._patience()
        if patience:
            self._let_go_of_the_database()
            answers = self.wire.completed(patience) if self.waiting else self._sleep(patience)
        in_flight = self.wire.in_flight + len(answers)
        for key, answer in answers:
            row, _started_at = self.waiting.pop(key)
            self._judge(row, answer)
            self._learn(answer, in_flight)

    def _learn(self, answer: Answer, in_flight: int) -> None:
        """From answers and from silence; a connection that was never made says nothing of how busy the far end is."""
        told = answer.status is not None or answer.fault is Fault.TIMEOUT
        if told and self.concurrency.note(answer.seconds, in_flight=in_flight):
            self.wire.set_limit(self.concurrency.limit)

    def _let_go_of_the_database(self) -> None:
        """No connection is held while the network takes its time."""
        if not connection.in_atomic_block:
            connection.close()

    def _sleep(self, seconds: float) -> list[tuple[int, Answer]]:
        time.sleep(seconds)
        return []

    def _judge(self, row: Marked, answer: Answer) -> None:
        outcome = self.way_out.gateway.interpret(answer, token=self.way_out.token, now=time.time())
        judged = judge(row, answer, outcome)
        self.judged.append(judged)
        self.rest.note(judged)
        if judged.outcome.verdict is Verdict.HELD or self.rest.needed:
            self._halt()
        self._slow_down()
        self.turns.note(judged)
        if not judged.goes_on:
            self._next_to_the_same_person(row)

    def _next_to_the_same_person(self, row: Marked) -> None:
        """What waited behind this message goes out; or back, where the time is up."""
        while following := self.turns.end(row):
            row, start = following
            if not self.halted and time.monotonic() < self.ends_at:
                self._send(row, start)
                return
            self.judged.append(Judged.never(row))

    def _slow_down(self) -> None:
        """As the far end's own count of the page's calls asks, at once."""
        if self.rest.eased is not None and self.pace.per_second is not None:
            self.pace.per_second = self.rest.eased * self.way_out.messages_per_second
            self.wire.gap = self.pace.least_gap()

    # -- record ----------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        due = time.monotonic() - self.flushed_at >= FLUSH_SECONDS or len(self.judged) >= settings.BATCH_SIZE
        if not self.judged or (self.waiting and not due):
            return
        batch, self.judged = self.judged, []
        self.standing = frozenset()
        self._persist(partial(self._write, batch))
        self.flushed_at = time.monotonic()
        for judged in batch:
            if judged.goes_on:
                self._go_on(judged)

    def _go_on(self, judged: Judged) -> None:
        """The next part, now that it is written down that this one went out. It takes a place in the page's pace."""
        row, parcel = judged.marked, judged.marked.parcel
        if parcel and row.delivery_id in self.standing:
            self._send(replace(row, parcel=parcel.rest()), self.pace.take(self.flushed_at))
        else:
            # Somebody else has the page.
            self._next_to_the_same_person(row)

    def _persist(self, write: Callable[[], None]) -> None:
        """Writes what is known nowhere else, waiting for a database that restarts."""
        gives_up_at = time.monotonic() + DATABASE_PATIENCE
        while True:
            try:
                write()
                return
            except (OperationalError, InterfaceError) as error:
                if time.monotonic() > gives_up_at:
                    raise
                logger.warning("Page %s: the results wait for the database: %s", self.way_out.page_id, error)
                self._halt()
                self._let_go_of_the_database()
                time.sleep(WAIT_SECONDS)

    def _write(self, batch: list[Judged]) -> None:
        now, token, fence = timezone.now(), self.way_out.token, self.held.fence
        tried = [judged for judged in batch if not judged.never_started]
        results = [result(judged, token=token, now=now.timestamp()) for judged in tried]
        with people.noted(tried, now=now):
            self.standing = recording.record(results, fence=fence)
        watching.look(results_by_campaign(tried), now=now)
        for begun in (False, True):
            unsent = [one.marked for one in batch if one.never_started and one.marked.begun is begun]
            recording.put_back([row.delivery_id for row in unsent], fence=fence, tried=begun)
        self.rest.write(self.held, now)

    def _put_back_unsent(self) -> None:
        recording.put_back_unsent(page_pk=self.held.page_pk, fence=self.held.fence)

    def _keep_lease(self) -> None:
        if time.monotonic() - self.renewed_at < settings.LEASE_SECONDS / 5:
            return
        self.renewed_at = time.monotonic()
        try:
            kept = lease.renew(self.held)
        except (OperationalError, InterfaceError):
            kept = False
        if not kept:
            self._halt()
