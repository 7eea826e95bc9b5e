"""What the shop's own systems were told of the person: by callbacks, and in answers of the API that are kept."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.models import Delivery
from notifications.models.callback import CallbackCall, CallbackEvent
from notifications.services import answers_kept
from optins.models import OptIn
from optins.services.whole_file.chapter import Chapter, Field, Row
from optins.services.whole_file.chunks import CHUNK, chunks
from optins.services.whole_file.person import Person
from pages.masking import mask


def _events(person: Person) -> Iterator[Row]:
    rows = CallbackEvent.objects.filter(optin__in=person.optin_pks).order_by("id")
    for some in chunks(rows.iterator(chunk_size=CHUNK)):
        yield from _with_answers(some)


def _with_answers(events: list[CallbackEvent]) -> Iterator[Row]:
    """The receiver's answer to a call that told of this event alone: any other may name other people."""
    alone = CallbackCall.objects.filter(first_number=F("last_number"), callback__in={row.callback_id for row in events})
    calls = alone.filter(first_number__in=[row.number for row in events if row.number]).order_by("id")
    answers = {(call.callback_id, call.first_number): call.answer for call in calls}
    for row in events:
        yield {
            "at": row.at,
            "type": row.type,
            "number": row.number,
            "taken_at": row.taken_at,
            "data": row.data,
            "answer": answers.get((row.callback_id, row.number or 0), ""),
        }


def _answers(person: Person) -> Iterator[Row]:
    seen: set[int] = set()
    for optin in person.optins:
        yield from _answers_about(optin, seen)


def _answers_about(optin: OptIn, seen: set[int]) -> Iterator[Row]:
    pks = set(Delivery.objects.filter(optin=optin, api_token__isnull=False).values_list("pk", flat=True))
    found = answers_kept.naming(optin=optin, customer_id=optin.customer_id, now=timezone.now()).order_by("pk")
    for kept in found.exclude(pk__in=seen).iterator(chunk_size=CHUNK):
        said = json.loads(kept.body)
        if answers_kept.is_about(said, pks):
            seen.add(kept.pk)
            yield {"at": kept.created_at, "key": kept.key, "status": kept.status, "answer": said["body"]}
        elif mine := [one for one in _parts(said["body"]) if _is_of(one, optin.customer_id, pks)]:
            seen.add(kept.pk)
            yield {"at": kept.created_at, "key": None, "status": kept.status, "answer": mine}


def _parts(body: Mapping[str, Any]) -> list[Any]:
    """Each message's own answer within that to a batch."""
    data = body.get("data")
    return data if isinstance(data, list) else [body]


def _is_of(part: Any, customer_id: str, pks: set[int]) -> bool:
    named = mask(part, customer_id) != part
    return named or (isinstance(part, dict) and isinstance(part.get("data"), dict) and part["data"].get("id") in pks)


CHAPTERS = (
    Chapter(
        name="callbacks",
        title=_("Told to the shop’s systems"),
        about=_("Events that went, or go, from here to the shop’s own address."),
        right="notifications.view_delivery",
        without=_("The answer of the shop’s system where it was told of several people in one call."),
        rows=_events,
        fields={
            "at": Field(label=_("when"), leads=True),
            "type": Field(label=_("event"), leads=True),
            "number": Field(label=_("number")),
            "taken_at": Field(label=pgettext_lazy("whole file", "taken by the shop’s system")),
            "data": Field(label=_("what it was told")),
            "answer": Field(label=_("what the other side answered")),
        },
    ),
    Chapter(
        name="answers",
        title=_("Answers to the shop’s systems"),
        about=_("What the API answered about you. It is kept for some days, so that a repeated call is made once."),
        right="notifications.view_delivery",
        without=_("Of an answer about several people the parts about the others, and the key of the whole call."),
        rows=_answers,
        fields={
            "at": Field(label=_("when"), leads=True),
            "status": Field(label=_("status code"), leads=True),
            "key": Field(label=_("key")),
            "answer": Field(label=_("answer")),
        },
    ),
)
