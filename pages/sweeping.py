"""Finds by itself what a lost hint or a dead worker left undone, and what is due by the clock. Idempotent."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from django.db import Error, connection
from django.utils import timezone

from pages import hints
from pages.conversations import profiles
from pages.models import WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.services import alarms, leaving, logins, looking


def sweep() -> None:
    """Every part has its turn, whatever became of the one before; what they raised is raised at the end."""
    now = timezone.now()
    with ExitStack() as turns:
        for part in reversed(PARTS):
            turns.callback(_take_turn, part, now)


def _take_turn(part: Callable[[datetime], object], now: datetime) -> None:
    try:
        part(now)
    except Error:
        # So that the next part has a connection that works.
        connection.close_if_unusable_or_obsolete()
        raise


def kick_webhooks(now: datetime) -> None:
    due = WebhookEvent.objects.filter(state=EventState.WAITING, next_try_at__lte=now)
    if due.exists() or WebhookPost.objects.filter(state=PostState.RECEIVED).exists():
        hints.kick_webhooks()


def kick_profiles(_now: datetime) -> None:
    if profiles.due().exists():
        hints.kick_profiles()


def tell_administrators(now: datetime) -> None:
    alarms.tell(now=now)


def look_at_pages(now: datetime) -> None:
    looking.check_due(now=now)


# Each is called every few seconds with the time, and asks the database cheaply whether it has anything to do.
PARTS: tuple[Callable[[datetime], object], ...] = (
    kick_webhooks,
    kick_profiles,
    tell_administrators,
    look_at_pages,
    logins.wipe_logins,
    leaving.finish_leaving,
)
