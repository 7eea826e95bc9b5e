"""What the ledger and its surroundings know of a person who is erased leaves; that something was sent, and how often,
stays, so that every count is right.

Not looked for: a beginning of customer_ids that a campaign's audience was chosen by, and what people composed
themselves. Both are the shop's words, and mean more than one person.
"""

import json
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from notifications.models import Attempt, Campaign, Content, Delivery, KeptAnswer
from notifications.models.callback import CallbackCall, CallbackEvent
from notifications.services.forgetting import KEPT_FOR
from notifications.states import DeliveryState, Kind, Origin
from optins.models import OptIn
from pages import append_only, audit
from pages.masking import MASK, mask

# What stands in place of a message that was one person's own, and of an event's data.
GONE_BODY = json.dumps({"text": f"[{MASK}]"}, ensure_ascii=False)
GONE_DATA = {"erased": True}


def is_leaving(optin: OptIn) -> bool:
    """Whether a message to it is on its way: what comes back is still to be written down."""
    return Delivery.objects.filter(optin=optin, state=DeliveryState.DISPATCHING).exists()


def forget(*, optin: OptIn, customer_id: str, now: datetime) -> None:
    """Call it in the transaction that erases the opt-in."""
    rows = Delivery.objects.filter(optin=optin)
    pks = list(rows.values_list("pk", flat=True))
    _forget_answers_kept(optin, set(pks), customer_id, now)
    _forget_contents(optin)
    rows.update(detail="", personal=None, provider_message_id="")
    _forget_tries(pks)
    _forget_events(optin)
    audit.forget([audit.subject_of(Delivery(pk=pk)) for pk in pks], word=customer_id)


def _forget_tries(delivery_pks: Collection[int]) -> None:
    tries = list(Attempt.objects.filter(delivery__in=delivery_pks).exclude(answer=""))
    for each in tries:
        each.answer = ""
    append_only.write_anew(tries)


def _forget_contents(optin: OptIn) -> None:
    """Of the messages to this customer those that nobody else was sent. They stay where they are, empty.

    Deliveries have no index by content: this reads those that belong to no campaign.
    """
    alone = Delivery.objects.exclude(origin=Origin.CAMPAIGN)
    own = set(alone.filter(optin=optin).values_list("content", flat=True))
    shared = set(Campaign.objects.filter(content__in=own).values_list("content", flat=True))
    if own - shared:
        shared |= set(alone.filter(content__in=own - shared).exclude(optin=optin).values_list("content", flat=True))
    for pk in own - shared:
        # The hash of a body tells who knows the body already: chance takes its place.
        Content.objects.filter(pk=pk).update(kind=Kind.TEXT, body=GONE_BODY, sha256=secrets.token_hex(32))


def _forget_answers_kept(optin: OptIn, delivery_pks: Collection[int], customer_id: str, now: datetime) -> None:
    """A call about this customer alone is answered anew if it comes again; of one about many the rest stays."""
    made = Delivery.objects.filter(optin=optin, api_token__isnull=False, created_at__gt=now - KEPT_FOR)
    named = Q(created_at__in=list(made.values_list("created_at", flat=True)))
    for quoted in (json.dumps(customer_id, ensure_ascii=False), f"“{customer_id}”", f"«\u00a0{customer_id}\u00a0»"):
        named |= Q(body__contains=quoted)
    for kept in KeptAnswer.objects.filter(named).iterator():
        answer = json.loads(kept.body)
        if _is_about(answer, delivery_pks):
            kept.delete()
        elif (masked := mask(answer, customer_id)) != answer:
            KeptAnswer.objects.filter(pk=kept.pk).update(body=json.dumps(masked, ensure_ascii=False))


def _is_about(answer: dict[str, Any], delivery_pks: Collection[int]) -> bool:
    """Whether what was answered is one of these deliveries, and nothing else."""
    data = answer["body"]["data"]
    return isinstance(data, dict) and data.get("id") in delivery_pks


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
