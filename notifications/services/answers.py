"""What the product itself says to somebody who wrote or came: the consent question, and what follows from it.

As with an agent's reply no opt-in is needed, but an open window: it answers what the person did this instant.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from notifications import hints, payloads
from notifications.gateway.meta.rules import BY_WAY, DAY, Way
from notifications.models import Content, Delivery
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.services.contents import freeze_text
from notifications.states import LEFT, DeliveryState, Origin, Route
from optins.models import OptIn
from pages.models import Page, Thread
from pages.states import GatewayKind

QuickReplies = Sequence[Mapping[str, str]]


def answer(*, page: Page, thread: Thread, body: Mapping[str, Any], about: str, now: datetime) -> Delivery | None:
    """Queues the answer ahead of everything else of the page. None: this event was answered already, or the page does
    not go through Facebook.

    `body` has a `text`, and may have `quick_replies`. `about` names the event for good. Raises PayloadError.
    """
    if page.gateway != GatewayKind.META:
        return None
    row = Delivery(
        page=page,
        thread=thread,
        content=_freeze(body),
        origin=Origin.ANSWER,
        answers_to=hashlib.sha256(about.encode()).hexdigest(),
        state=DeliveryState.QUEUED,
        created_at=now,
        due_at=now,
        expires_at=(thread.acted_at or now) + (BY_WAY[Way.RESPONSE].within or DAY),
        route=Route.RESPONSE,
    )
    # Whoever does the same at this instant is waited for by the constraint; the thread's lock is held besides.
    if Delivery.objects.filter(thread=thread, origin=Origin.ANSWER, answers_to=row.answers_to).exists():
        return None
    row.save(force_insert=True)
    hints.kick_page(page.pk)
    return row


def withdraw(*, thread: Thread, now: datetime) -> None:
    """Nothing more is said of what was done before a STOP."""
    waiting = Delivery.objects.filter(thread=thread, origin=Origin.ANSWER, state=DeliveryState.QUEUED)
    pks = list(waiting.values_list("pk", flat=True))
    ledger.move_ids(pks, DeliveryState.SKIPPED, frm=DeliveryState.QUEUED, reason=Reason.OPTED_OUT, ended_at=now)


def last_written_to(*, thread: Thread) -> int | None:
    """The opt-in whose message the person got last."""
    people = OptIn.objects.filter(page_id=thread.page_id, recipient__psid=thread.psid)
    left = Delivery.objects.filter(optin__in=list(people.values_list("pk", flat=True)), state__in=LEFT)
    return left.order_by("-sent_at", "-pk").values_list("optin_id", flat=True).first()


def _freeze(body: Mapping[str, Any]) -> Content:
    """What a shop wrote into the wording of a button is no placeholder: nobody fills an answer."""
    text = str(body["text"]).replace("{{", "{ {")
    message = payloads.parse({"text": text}, filled=True)
    replies: QuickReplies = body.get("quick_replies") or ()
    buttons = [{"content_type": "text", "title": each["title"], "payload": each["payload"]} for each in replies]
    whole = message.as_dict() | ({"quick_replies": buttons} if buttons else {})
    return freeze_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")), kind=message.kind)
