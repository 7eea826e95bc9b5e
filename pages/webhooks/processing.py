"""Events handed on: to the mirror of the page's conversations, and by signal to the apps above.

A worker takes a handful by moving their next try a little into the future; that, and the state, is what it compares
when it sets an event to done, in the same transaction as all that the event brings about. So two workers never do one
event twice, and what a dead worker had taken comes up again by itself.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pages import hints
from pages.conversations.mirror import mirror
from pages.events import Event, PolicyEnforced, Unrecognised
from pages.models import Page, WebhookEvent
from pages.models.webhook import EventState, WebhookEventQuerySet
from pages.signals import facebook_event
from pages.webhooks import failing, policy, splitting
from pages.webhooks.parsing import parse
from pages.webhooks.unpacking import RawEvent

logger = logging.getLogger(__name__)

BATCH = 50
# So long an event is its worker's. One that is slower finds that somebody else has it, and leaves it alone.
TAKEN_FOR = timedelta(seconds=60)
# How long one task works before it lets others have the worker, in seconds.
SLICE = 5.0


def process_due(*, seconds: float = SLICE) -> int:
    """Posts first, then their events; returns how many events it looked at. What is left is hinted to."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        split = splitting.split_next(now=timezone.now())
        taken = take(now=timezone.now())
        for event in taken:
            process(event)
        count += len(taken)
        if not split and not taken:
            return count
    hints.kick_webhooks()
    return count


def take(*, now: datetime) -> list[WebhookEvent]:
    """The next events that are due, earliest first, now this worker's for TAKEN_FOR."""
    with transaction.atomic():
        due = WebhookEvent.objects.filter(state=EventState.WAITING, next_try_at__lte=now)
        events = list(due.order_by("next_try_at", "pk").select_for_update(skip_locked=True)[:BATCH])
        WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(next_try_at=now + TAKEN_FOR)
    for event in events:
        event.next_try_at = now + TAKEN_FOR
    return sorted(events, key=lambda event: (event.happened_at, event.pk))


def process(event: WebhookEvent) -> None:
    """Hands the event on and marks it, all or nothing. What goes wrong is kept with it, and troubles no other."""
    try:
        with transaction.atomic():
            _hand_over(event, now=timezone.now())
    except Exception as error:  # noqa: BLE001  (receivers are other apps': whatever they raise, the next event has its turn)
        _fail(event, error, now=timezone.now())


def _hand_over(row: WebhookEvent, *, now: datetime) -> None:
    event = parse(_raw(row), received_at=row.received_at)
    page = None if isinstance(event, Unrecognised) else _page_of(event)
    state = EventState.DONE if page else EventState.IGNORED
    if not _still_taken(row).move(state, frm=EventState.WAITING, tries=F("tries") + 1, done_at=now, error=""):
        return
    if page:
        _tell(page, event, now)


def _tell(page: Page, event: Event, now: datetime) -> None:
    if isinstance(event, PolicyEnforced):
        policy.enforce(page=page, event=event, now=now)
    thread = mirror(page=page, event=event, now=now)
    facebook_event.send(sender=Page, page=page, thread=thread, event=event, now=now)


def _raw(row: WebhookEvent) -> RawEvent:
    return RawEvent(page_id=row.page_id, time=row.happened_at, body=row.body, standby=row.standby)


def _page_of(event: Event) -> Page | None:
    """None where the page is unknown here, or belongs to no site any more."""
    return Page.objects.linked().filter(page_id=event.page_id).first()


def _still_taken(row: WebhookEvent) -> WebhookEventQuerySet:
    return WebhookEvent.objects.filter(pk=row.pk, next_try_at=row.next_try_at)


def _fail(row: WebhookEvent, error: Exception, *, now: datetime) -> None:
    tries, words = row.tries + 1, failing.words_of(error)
    pause = failing.pause_after(tries)
    mine = _still_taken(row)
    if pause is None:
        mine.move(EventState.FAILED, tries=tries, error=words)
    else:
        mine.filter(state=EventState.WAITING).update(tries=tries, error=words, next_try_at=now + pause)
    logger.warning("The webhook event #%s (%s) failed, try %s: %s", row.pk, row.kind, tries, type(error).__name__)
