"""The life of one delivery as a list of events, oldest first."""

import json
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin.deliveries.events import Event
from notifications.admin.deliveries.receipts import told
from notifications.admin.numbers import grouped
from notifications.gateway.meta.parts import DISCLOSURE
from notifications.models import Attempt, Delivery
from notifications.reasons import UNFILLED, Reason
from notifications.states import AttemptOutcome, DeliveryState, Origin
from notifications.words import reason_words
from pages.models import AuditEntry

TONES = {
    AttemptOutcome.ACCEPTED: "good",
    AttemptOutcome.RETRY: "quiet",
    AttemptOutcome.HELD: "doubt",
    AttemptOutcome.FAILED: "bad",
    AttemptOutcome.UNKNOWN: "doubt",
}


def timeline(delivery: Delivery) -> list[Event]:
    decided = [*_decisions(delivery), *_decisions_of_the_policy(delivery)]
    events = [_queued(delivery), *_tries(delivery.tries.all()), *decided, *_end(delivery), *told(delivery)]
    return sorted(events, key=lambda event: event.at)


def _queued(delivery: Delivery) -> Event:
    by = str(delivery.requested_by) if delivery.requested_by else ""
    if delivery.campaign:
        title = _("Queued for the campaign %(campaign)s") % {"campaign": delivery.campaign.name}
    elif delivery.origin == Origin.TEST:
        title = _("Queued as a test by %(person)s") % {"person": by or _("somebody who has left")}
    elif delivery.origin == Origin.REPLY:
        title = _("Queued as an answer by %(person)s") % {"person": by or _("somebody who has left")}
    elif delivery.origin == Origin.ANSWER:
        title = _("Queued as an automatic answer")
    else:
        title = _("Queued through the API")
    return Event(at=delivery.created_at, title=title)


def _tries(attempts: Iterable[Attempt]) -> Iterator[Event]:
    for attempt in attempts:
        outcome = AttemptOutcome(attempt.outcome)
        yield Event(
            at=attempt.started_at,
            title=_try_words(attempt) % {"number": attempt.number, "outcome": outcome.label, "part": attempt.part + 1},
            tone=TONES[outcome],
            details=tuple(_details(attempt)),
            answer=pretty(attempt.answer),
        )


def _try_words(attempt: Attempt) -> str:
    if attempt.part == DISCLOSURE:
        return _("Try %(number)d, of saying that it is automated: %(outcome)s")
    return _("Try %(number)d, part %(part)d: %(outcome)s") if attempt.part else _("Try %(number)d: %(outcome)s")


def _details(attempt: Attempt) -> Iterator[str]:
    if attempt.reason:
        yield reason_words(attempt.reason)
    status = _("Status code %(code)d") % {"code": attempt.status_code} if attempt.status_code else _("No status code")
    took = _("took %(milliseconds)s ms") % {"milliseconds": grouped(attempt.milliseconds)}
    yield f"{status}, {took}, {bytes_words(attempt.bytes_sent)}"


def bytes_words(count: int) -> str:
    if not count:
        return _("not a byte of it went out")
    return ngettext("%(count)s byte went out", "%(count)s bytes went out", count) % {"count": grouped(count)}


def _decisions(delivery: Delivery) -> Iterator[Event]:
    """What people decided about it, from the audit log."""
    told = {
        f"delivery.{Reason.TREATED_AS_SENT.value}": _("%(person)s decided to treat it as sent"),
        f"delivery.{Reason.SENT_AGAIN.value}": _("%(person)s decided to send it again"),
    }
    subject = f"{delivery._meta.label_lower}:{delivery.pk}"
    entries = AuditEntry.objects.filter(subject=subject, action__in=told).select_related("actor")
    for entry in entries:
        person = str(entry.actor) if entry.actor else _("Somebody")
        yield Event(at=entry.at, title=told[entry.action] % {"person": person}, tone="info")


def _decisions_of_the_policy(delivery: Delivery) -> Iterator[Event]:
    if delivery.policy_sent_again_at:
        yield Event(at=delivery.policy_sent_again_at, title=_("The page's policy sent it again"), tone="info")
    if delivery.reason == Reason.TREATED_AS_SENT_BY_POLICY and delivery.ended_at:
        yield Event(at=delivery.ended_at, title=_("The page's policy treated it as sent"), tone="info")


def _end(delivery: Delivery) -> Iterator[Event]:
    """An end that no try tells: a lost sender, a condition that did not hold, a cancelled campaign."""
    if delivery.ended_at is None:
        return
    if delivery.reason == Reason.SENDER_LOST:
        started = delivery.dispatch_started_at or delivery.ended_at
        yield Event(at=started, title=_("Taken out of the queue to be sent"), tone="quiet")
        yield Event(at=delivery.ended_at, title=reason_words(delivery.reason), tone="doubt")
    elif delivery.reason == Reason.RESTORED:
        yield Event(at=delivery.ended_at, title=reason_words(delivery.reason), tone="doubt")
    elif delivery.state == DeliveryState.FAILED and delivery.reason in UNFILLED:
        yield Event(
            at=delivery.ended_at, title=_("Not filled in"), details=(reason_words(delivery.reason),), tone="bad"
        )
    elif delivery.state == DeliveryState.SKIPPED:
        yield Event(at=delivery.ended_at, title=_("Skipped"), details=(reason_words(delivery.reason),))
    elif delivery.state == DeliveryState.CANCELLED:
        yield Event(at=delivery.ended_at, title=_("Cancelled with its campaign"))


def pretty(answer: str) -> str:
    """JSON with line breaks; anything else as it came."""
    try:
        return json.dumps(json.loads(answer), indent=2, ensure_ascii=False)
    except ValueError:
        return answer
