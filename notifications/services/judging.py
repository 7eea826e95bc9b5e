"""From a gateway's outcome to what is written down. The engine's own rules, without I/O."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from django.conf import settings

from notifications import retry
from notifications.gateway.answers import kept
from notifications.gateway.contract import Answer, Fault, Outcome, Verdict
from notifications.gateway.meta.rules import Way
from notifications.reasons import Reason
from notifications.services.marking import Marked
from notifications.services.recording import Result
from notifications.services.watching import FAILURES, RESULTS, Results
from notifications.states import DeliveryState

STATES = {
    Verdict.ACCEPTED: DeliveryState.SENT,
    Verdict.RETRY: DeliveryState.QUEUED,
    Verdict.HELD: DeliveryState.QUEUED,
    Verdict.FAILED: DeliveryState.FAILED,
    Verdict.UNKNOWN: DeliveryState.UNKNOWN,
}


_NOT_SENT = Outcome(verdict=Verdict.RETRY, reason=Reason.NOT_SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A marked row, the answer, and what the gateway read in it."""

    marked: Marked
    answer: Answer
    outcome: Outcome

    @classmethod
    def never(cls, marked: Marked) -> Self:
        """Of a row that the wire was not asked to send."""
        return cls(marked=marked, answer=Answer(status=None, fault=Fault.ABANDONED), outcome=_NOT_SENT)

    @property
    def goes_on(self) -> bool:
        """Accepted, and more parts of the same message are to follow."""
        parcel = self.marked.parcel
        return parcel is not None and not parcel.is_last and self.outcome.verdict is Verdict.ACCEPTED

    @property
    def never_started(self) -> bool:
        """We stopped before a socket was opened for it: no try at all."""
        return self.answer.fault is Fault.ABANDONED


def judge(marked: Marked, answer: Answer, outcome: Outcome) -> Judged:
    """With what the gateway can't know: how often it was tried, and what went out."""
    lasting = outcome.lasting
    if outcome.verdict is Verdict.RETRY and lasting and marked.number >= lasting.tries:
        outcome = replace(outcome, verdict=Verdict.FAILED, reason=lasting.reason)
    if outcome.reason is Reason.CONTENT_REFUSED and marked.parcel and marked.parcel.way is Way.UTILITY:
        outcome = replace(outcome, reason=Reason.TEMPLATE_REFUSED)
    return Judged(marked=marked, answer=answer, outcome=outcome)


def result(judged: Judged, *, token: str, now: float) -> Result:
    """`now` is in seconds since 1970."""
    outcome, answer, parcel = judged.outcome, judged.answer, judged.marked.parcel
    accepted = outcome.verdict is Verdict.ACCEPTED
    return Result(
        delivery_id=judged.marked.delivery_id,
        new_state=_state(judged).value,
        reason=outcome.reason or "",
        detail=outcome.detail,
        message_id=outcome.message_id,
        due_at=_due_at(judged, now),
        sent_at=now if accepted and not judged.goes_on else None,
        # Of a doubt, its beginning.
        ended_at=None if outcome.verdict in {Verdict.RETRY, Verdict.HELD} or judged.goes_on else now,
        number=judged.marked.number,
        started_at=answer.started_at,
        milliseconds=round(answer.seconds * 1000),
        outcome=outcome.verdict.value,
        status_code=answer.status,
        bytes_sent=answer.bytes_sent,
        answer=kept(answer, token),
        part=parcel.now.number if parcel else 0,
        parts_sent=(parcel.sent_then if accepted else parcel.sent) if parcel else 0,
        part_message_id=outcome.message_id if parcel else "",
    )


def _state(judged: Judged) -> DeliveryState:
    return DeliveryState.DISPATCHING if judged.goes_on else STATES[judged.outcome.verdict]


def results_by_campaign(batch: Iterable[Judged]) -> dict[int, Results]:
    """How many of these ended and how many failed, by campaign id."""
    ended = [judged for judged in batch if _state(judged) in RESULTS and judged.marked.campaign_id]
    counted = Counter(judged.marked.campaign_id or 0 for judged in ended)
    failed = [judged for judged in ended if STATES[judged.outcome.verdict] in FAILURES]
    counted_failed = Counter(judged.marked.campaign_id or 0 for judged in failed)
    return {pk: Results(counted_failed[pk], n) for pk, n in counted.items()}


def _due_at(judged: Judged, now: float) -> float | None:
    """When it is tried again; a row that a held page keeps is due as soon as the page goes on."""
    if judged.outcome.verdict is Verdict.HELD:
        return now
    if judged.outcome.verdict is not Verdict.RETRY:
        return None
    seconds = retry.delay(
        attempt=judged.marked.number,
        retry_after=judged.outcome.retry_after,
        base=settings.RETRY_BASE_SECONDS,
        cap=settings.RETRY_CAP_SECONDS,
        chance=random.random(),  # noqa: S311  (jitter, not a secret)
    )
    return now + seconds
