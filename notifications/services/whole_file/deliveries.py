"""Each message to the person, in the words that were sent, with each try at it and what Facebook told of it."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.models import Attempt, Delivery, Receipt
from notifications.services.personalising import text_sent
from notifications.states import AttemptOutcome, DeliveryState, Origin, Route
from notifications.words import reason_words
from optins.services.whole_file.chapter import Chapter, Field, Row, in_words
from optins.services.whole_file.person import Person

CHUNK = 200


def _deliveries(person: Person) -> Iterator[Row]:
    """Under each id, the newest first, and then the answers in the conversation: each by an index of its own."""
    rows = Delivery.objects.select_related("content", "campaign", "receipt").prefetch_related("tries").order_by("-id")
    names = {optin.pk: optin.customer_id for optin in person.optins}
    wanted = [rows.filter(optin=pk) for pk in names]
    if person.thread:
        wanted.append(rows.filter(thread=person.thread, optin=None))
    for row in chain.from_iterable(each.iterator(chunk_size=CHUNK) for each in wanted):
        yield _delivery(row, names.get(row.optin_id or 0))


def _delivery(row: Delivery, customer_id: str | None) -> Row:
    return {
        "created_at": row.created_at,
        "state": row.state,
        "origin": row.origin,
        "customer_id": customer_id,
        "campaign": row.campaign.name if row.campaign else None,
        "message": _message(row),
        "put_in": row.personal,
        "reason": row.reason,
        "detail": row.detail,
        "due_at": row.due_at,
        "sent_at": row.sent_at,
        "ended_at": row.ended_at,
        "message_id": row.provider_message_id,
        "route": row.route,
        "receipt": _receipt(row.receipt) if hasattr(row, "receipt") else None,
        "tries": [_try(each) for each in row.tries.all()],
    }


def _message(row: Delivery) -> Any:
    """As it went out. One that was never filled is as it stands before it is; one that was emptied has no choice."""
    frozen = (row.content.utility if row.route == Route.UTILITY else "") or row.content.body
    return json.loads(text_sent(frozen, row.personal) or frozen)


def _receipt(found: Receipt) -> Row:
    return {
        "seen_at": found.seen_at,
        "delivered_at": found.delivered_at,
        "read_at": found.read_at,
        "mid": found.mid,
    }


def _try(found: Attempt) -> Row:
    return {
        "started_at": found.started_at,
        "outcome": found.outcome,
        "reason": found.reason,
        "status_code": found.status_code,
        "milliseconds": found.milliseconds,
        "part": found.part,
        "message_id": found.message_id,
        "answer": found.answer,
    }


def _said_message(message: Any) -> object:
    """A text alone needs no name before it."""
    return message["text"] if isinstance(message, dict) and set(message) == {"text"} else message


def _said_reason(code: str) -> object:
    return reason_words(code)


def _said_detail(detail: str) -> object:
    """Data of ours in words; the other side's own words stand for themselves."""
    try:
        told = json.loads(detail)
    except ValueError:
        return detail
    return told if isinstance(told, dict | list) else detail


TRY = {
    "started_at": Field(label=_("started"), leads=True),
    "outcome": Field(label=_("outcome"), say=in_words(AttemptOutcome), leads=True),
    "reason": Field(label=_("reason"), say=_said_reason),
    "status_code": Field(label=_("status code")),
    "milliseconds": Field(label=_("duration (ms)")),
    "part": Field(label=_("part")),
    "message_id": Field(label=_("message id")),
    "answer": Field(label=_("what the other side answered")),
}
RECEIPT = {
    "seen_at": Field(label=_("seen in the conversation")),
    "delivered_at": Field(label=pgettext_lazy("whole file", "delivered")),
    "read_at": Field(label=pgettext_lazy("whole file", "read")),
    "mid": Field(label=_("message id")),
}
CHAPTERS = (
    Chapter(
        name="deliveries",
        title=_("Deliveries"),
        about=_("Each message, whether it arrived or not, with each try at sending it and what Facebook told of it."),
        right="notifications.view_delivery",
        without=_("Access tokens and other secrets of the shop: they are never written down with a message."),
        rows=_deliveries,
        fields={
            "created_at": Field(label=_("created"), leads=True),
            "state": Field(label=_("state"), say=in_words(DeliveryState), leads=True),
            "message": Field(label=_("message"), say=_said_message, quoted=True),
            "origin": Field(label=_("origin"), say=in_words(Origin)),
            "customer_id": Field(label=_("customer_id")),
            "campaign": Field(label=_("campaign")),
            "put_in": Field(label=_("put in")),
            "reason": Field(label=_("reason"), say=_said_reason),
            "detail": Field(label=_("detail"), say=_said_detail),
            "due_at": Field(label=_("due")),
            "sent_at": Field(label=_("sent")),
            "ended_at": Field(label=_("ended")),
            "message_id": Field(label=_("message id")),
            "route": Field(label=_("by what right"), say=in_words(Route)),
            "receipt": Field(label=_("what Facebook told of it"), rows=RECEIPT),
            "tries": Field(label=_("tries"), rows=TRY),
        },
    ),
)
