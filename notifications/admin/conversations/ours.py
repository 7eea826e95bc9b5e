"""What the ledger knows of a conversation: whose each of our messages was, and what has not come back as an echo yet.

Facebook's echo is the truth of what stands in the thread. Until it comes, and where it never does, the delivery itself
is shown.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from notifications.gateway.meta import metadata, parts
from notifications.gateway.meta.metadata import Mark
from notifications.models import Delivery, Installation
from notifications.services.installation import THE_ONE
from notifications.services.personalising import words_sent
from notifications.states import LEFT, DeliveryState, Route
from optins.models import OptIn
from pages.models import Thread, ThreadMessage

BESIDE = ("content", "campaign", "requested_by", "receipt")
# Of the newest so many are looked at: what is older has come back long ago, or never will.
MOST = 50
# Nothing of it is on its way before that, unless it is an answer.
ON_ITS_WAY = LEFT | {DeliveryState.DISPATCHING, DeliveryState.UNKNOWN}


def marks(messages: Iterable[ThreadMessage]) -> dict[int, Mark]:
    """By message, whose part of which delivery it was; none where another installation sent it."""
    told = {message.pk: mark for message in messages if (mark := metadata.read(message.metadata))}
    if not told:
        return {}
    installation = Installation.objects.filter(pk=THE_ONE).values_list("uuid", flat=True).first()
    return {pk: mark for pk, mark in told.items() if mark.installation == installation}


def of_marks(found: Mapping[int, Mark], thread: Thread) -> dict[int, Delivery]:
    ids = {mark.delivery_id for mark in found.values()}
    if not ids:
        return {}
    return Delivery.objects.filter(page=thread.page_id).select_related(*BESIDE).in_bulk(ids)


def not_echoed(
    thread: Thread, optins: Sequence[OptIn], *, since: datetime | None, until: datetime | None
) -> list[Delivery]:
    """Answers of the thread whatever became of them, and what else left for the person and was not told of by Facebook.

    `since` and `until` are the ends of what is shown, as times of the messages.
    """
    rows = Delivery.objects.exclude(receipt__whole=True).select_related(*BESIDE).order_by("-id")
    answers = rows.filter(thread=thread, optin=None)
    if since:
        answers = answers.filter(created_at__gt=since)
    if until:
        answers = answers.filter(created_at__lte=until)
    found = list(answers[:MOST])
    if optins and until is None:
        others = rows.filter(optin__in=[optin.pk for optin in optins], state__in=ON_ITS_WAY)
        found += [each for each in others[:MOST] if since is None or moment(each) > since]
    return found


def moment(delivery: Delivery) -> datetime:
    """Where it stands in the conversation: behind those of its parts that came back already."""
    seen_at = delivery.receipt.seen_at if hasattr(delivery, "receipt") else None
    return seen_at or delivery.sent_at or delivery.dispatch_started_at or delivery.created_at


def body_left(delivery: Delivery) -> Mapping[str, Any] | None:
    """What no echo has shown of it, filled as it was sent; None where nothing can be shown."""
    if delivery.route == Route.UTILITY:
        return None
    seen = delivery.receipt.parts_seen if hasattr(delivery, "receipt") else 0
    pieces = parts.split(_words(delivery))[seen:]
    return {name: part for piece in pieces for name, part in json.loads(piece.message).items()} or None


def body_of_part(delivery: Delivery, number: int) -> Mapping[str, Any] | None:
    """The part that a message of the thread was; None for what says that the page is automated, and for templates."""
    if delivery.route == Route.UTILITY:
        return None
    pieces = parts.split(_words(delivery))
    return json.loads(pieces[number].message) if number < len(pieces) else None


def _words(delivery: Delivery) -> str:
    return words_sent(delivery.content, delivery.personal) or delivery.content.body


def optins_of(thread: Thread, most: int) -> list[OptIn]:
    """The agreements of the person behind the thread, the newest first."""
    of_person = OptIn.objects.filter(Q(recipient__psid=thread.psid), recipient__page=thread.page_id)
    return list(of_person.defer("attributes").order_by("-id")[:most])
