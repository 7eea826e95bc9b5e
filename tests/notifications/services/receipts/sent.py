"""Messages that went out through Facebook, and what Facebook then tells of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.gateway.meta import metadata
from notifications.models import Delivery, Installation
from notifications.services.installation import THE_ONE
from notifications.states import DeliveryState
from pages.events import Delivered, Echoed, Event, WasRead
from pages.models import Page, Thread
from pages.signals import facebook_event
from pages.states import GatewayKind
from tests.factories import AttemptFactory, DeliveryFactory, LinkedPageFactory, OptInFactory, RecipientFactory

PSID = "7012345678901234"
OURS = UUID(int=7)
# Whole milliseconds: SQLite keeps no more, and Facebook tells no more.
NOON = timezone.now().replace(microsecond=0) - timedelta(hours=1)


def seconds(count: float) -> datetime:
    return NOON + timedelta(seconds=count)


def linked_page() -> Page:
    Installation.objects.get_or_create(pk=THE_ONE, defaults={"uuid": OURS, "place": "here"})
    page: Page = LinkedPageFactory(gateway=GatewayKind.META)
    return page


def thread_of(page: Page, psid: str = PSID, **values: Any) -> Thread:
    times = {"first_at": NOON, "last_at": NOON, "acted_at": NOON}
    thread, _made = Thread.objects.update_or_create(page=page, psid=psid, defaults={**times, **values})
    return thread


def delivery_to(
    page: Page, psid: str = PSID, *, state: DeliveryState = DeliveryState.SENT, began: datetime = NOON, **values: Any
) -> Delivery:
    """One whose try began at `began`, by our clock; `sent_at` is when its answer was written down, a second later."""
    person = page.recipients.filter(psid=psid).first() or RecipientFactory(page=page, psid=psid)
    optin = OptInFactory(page=page, recipient=person)
    times = {"dispatch_started_at": began, "fence": 1, "attempts": 1}
    if state == DeliveryState.SENT:
        times |= {"sent_at": began + timedelta(seconds=1), "ended_at": began + timedelta(seconds=1)}
    delivery: Delivery = DeliveryFactory(optin=optin, state=state, **{**times, **values})
    if state == DeliveryState.SENT:
        AttemptFactory(delivery=delivery, started_at=began)
    return delivery


def tell(page: Page, event: Event) -> None:
    """As pages does once it has processed the event, thread and all."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update().filter(page=page, psid=event.psid).first()
        if thread and isinstance(event, Delivered | WasRead):
            forward(thread, event)
        facebook_event.send(sender=Page, page=page, thread=thread, event=event, now=timezone.now())


def forward(thread: Thread, event: Delivered | WasRead) -> None:
    marks = ["delivered_to", "read_to"] if isinstance(event, WasRead) else ["delivered_to"]
    for mark in marks:
        known = getattr(thread, mark)
        setattr(thread, mark, max(known, event.watermark) if known else event.watermark)
    thread.save(update_fields=marks)


def delivered(page: Page, watermark: datetime, *mids: str, psid: str = PSID) -> Delivered:
    return Delivered(page_id=page.page_id, psid=psid, at=watermark, watermark=watermark, mids=mids)


def was_read(page: Page, watermark: datetime, psid: str = PSID) -> WasRead:
    return WasRead(page_id=page.page_id, psid=psid, at=watermark, watermark=watermark)


def echo(delivery: Delivery, at: datetime, *, part: int = 0, mid: str = "m_echo", **values: Any) -> Echoed:
    mark = metadata.write(OURS, delivery.pk, part)
    known = {"psid": PSID, "app_id": settings.FACEBOOK_APP_ID, "metadata": mark}
    return Echoed(page_id=delivery.page.page_id, at=at, mid=mid, **{**known, **values})
