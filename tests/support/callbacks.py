"""A merchant's server as a far end, and what it was told."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from notifications.callbacks.events import EventType
from notifications.models import Callback, CallbackEvent
from pages.models import Page
from tests.factories import CallbackFactory, LinkedPageFactory
from tests.support.far_end import FarEnd, answer, http

TAKEN = answer(http(204))
REFUSED = answer(http(500, b"no"))


def told(end: FarEnd) -> list[list[dict[str, Any]]]:
    """The events of each call."""
    return [json.loads(body(request))["events"] for request in end.requests]


def numbers(end: FarEnd) -> list[list[int]]:
    return [[event["number"] for event in events] for events in told(end)]


def body(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


def headers(request: bytes) -> dict[str, str]:
    lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}


def happened(callback: Callback, count: int = 1, *, at: datetime | None = None) -> list[CallbackEvent]:
    """So many events wait for their turn."""
    when = at or timezone.now()
    return CallbackEvent.objects.bulk_create(
        CallbackEvent(callback=callback, type=EventType.DELIVERY_SENT, at=when, data={"delivery": n})
        for n in range(count)
    )


def listened_to(**options: object) -> tuple[Page, Callback]:
    """A page, and the callback of its site."""
    page = LinkedPageFactory()
    return page, CallbackFactory(site=page.site, **options)


def types_of(callback: Callback) -> list[str]:
    """What was written down, in order."""
    return list(CallbackEvent.objects.filter(callback=callback).order_by("pk").values_list("type", flat=True))


def walk(end: FarEnd) -> Iterator[dict[str, Any]]:
    for events in told(end):
        yield from events
