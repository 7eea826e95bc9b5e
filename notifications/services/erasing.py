"""What the ledger and its surroundings know of a person who is erased leaves; that something was sent, and how often,
stays, so that every count is right.

Not looked for: a beginning of customer_ids that a campaign's audience was chosen by, and what people composed
themselves. Both are the shop's words, and mean more than one person.
"""

import json
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from notifications.models import Attempt, Campaign, Content, Delivery, KeptAnswer, Receipt
from notifications.models.callback import CallbackCall, CallbackEvent
from notifications.querysets import DeliveryQuerySet
from notifications.reasons import Reason
from notifications.services import answers_kept, ledger
from notifications.states import DeliveryState, Kind, Origin
from optins.models import OptIn
from optins.services import StillLeaving
from pages import append_only, audit
from pages.masking import MASK, mask
from pages.models import Thread

# What stands in place of a message that was one person's own, and of an event's data.
GONE_BODY = json.dumps({"text": f"[{MASK}]"}, ensure_ascii=False)
GONE = {"kind": Kind.TEXT, "body": GONE_BODY, "utility": ""}
GONE_DATA = {"erased": True}


def is_leaving(optin: OptIn) -> bool:
    """Whether a message to it is on its way: what comes back is still to be written down."""
    return Delivery.objects.filter(optin=optin, state=DeliveryState.DISPATCHING).exists()


def forget(*, optin: OptIn, customer_id: str, now: datetime) -> None:
    """Call it in the transaction that erases the opt-in."""
    rows = Delivery.objects.filter(optin=optin)
    pks = list(rows.values_list("pk", flat=True))
    _forget_answers_kept(optin, set(pks), customer_id, now)
    _forget_contents(rows)
    rows.update(detail="", personal=None, provider_message_id="")
    Receipt.objects.filter(delivery__in=rows.values("pk")).update(mid="")
    _forget_tries(pks)
    _forget_events(optin)
    audit.forget([audit.subject_of(Delivery(pk=pk)) for pk in pks], word=customer_id)


def forget_id(*, customer_id: str) -> None:
    """Of an id that nobody holds. Call it in the transaction that erases it."""
    for kept in answers_kept.naming_id(customer_id).iterator():
        _mask_answer(kept, json.loads(kept.body), customer_id)


def forget_conversation(*, thread: Thread, now: datetime) -> None:
    """What was answered in it. Call it in the transaction that forgets the conversation. Raises StillLeaving."""
    rows = Delivery.objects.filter(thread=thread)
    queued = rows.filter(state=DeliveryState.QUEUED).values_list("pk", flat=True)
    ledger.move_ids(queued, DeliveryState.SKIPPED, frm=DeliveryState.QUEUED, reason=Reason.OPTED_OUT, ended_at=now)
    if rows.filter(state=DeliveryState.DISPATCHING).exists():
        raise StillLeaving
    _forget_contents(rows)
    rows.update(detail="", personal=None, provider_message_id="")
    Receipt.objects.filter(delivery__in=rows.values("pk")).update(mid="")
    pks = list(rows.values_list("pk", flat=True))
    _forget_tries(pks)
    audit.forget([audit.subject_of(Delivery(pk=pk)) for pk in pks], word=thread.psid)


def _forget_tries(delivery_pks: Iterable[int]) -> None:
    tries = list(Attempt.objects.filter(delivery__in=list(delivery_pks)).exclude(answer="", message_id=""))
    for each in tries:
        each.answer = each.message_id = ""
    append_only.write_anew(tries)


def _forget_contents(rows: DeliveryQuerySet) -> None:
    """Of the messages to this customer those that nobody else was sent. They stay where they are, empty.

    Deliveries have no index by content: this reads those that belong to no campaign.
    """
    alone = Delivery.objects.exclude(origin=Origin.CAMPAIGN)
    own = set(rows.exclude(origin=Origin.CAMPAIGN).values_list("content", flat=True))
    shared = set(Campaign.objects.filter(content__in=own).values_list("content", flat=True))
    if own - shared:
        of_others = alone.filter(content__in=own - shared).exclude(pk__in=rows.values("pk"))
        shared |= set(of_others.values_list("content", flat=True))
    for pk in own - shared:
        # The hash of a body tells who knows the body already: chance takes its place.
        Content.objects.filter(pk=pk).update(**GONE, sha256=secrets.token_hex(32))


def _forget_answers_kept(optin: OptIn, delivery_pks: Collection[int], customer_id: str, now: datetime) -> None:
    """A call about this customer alone is answered anew if it comes again; of one about many the rest stays."""
    for kept in answers_kept.naming(optin=optin, customer_id=customer_id, now=now).iterator():
        answer = json.loads(kept.body)
        if answers_kept.is_about(answer, delivery_pks):
            kept.delete()
        else:
            _mask_answer(kept, answer, customer_id)


def _mask_answer(kept: KeptAnswer, answer: object, customer_id: str) -> None:
    if (masked := mask(answer, customer_id)) != answer:
        KeptAnswer.objects.filter(pk=kept.pk).update(body=json.dumps(masked, ensure_ascii=False))


def _forget_events(optin: OptIn) -> None:
    """What has no number was told to nobody. What has one keeps its place, or the receiver would miss it."""
    events = CallbackEvent.objects.filter(optin=optin)
    events.filter(number=None).delete()
    calls = [call for event in events for call in _calls_with(event)]
    for call in calls:
        call.answer = ""
    append_only.write_anew({call.pk: call for call in calls}.values())
    events.update(data=GONE_DATA)


def _calls_with(event: CallbackEvent) -> list[CallbackCall]:
    """Whose receiver may have repeated in its answer what it was told."""
    with_it = CallbackCall.objects.filter(first_number__lte=event.number, last_number__gte=event.number)
    return list(with_it.filter(callback=event.callback_id).exclude(answer=""))
