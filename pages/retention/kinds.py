"""The kinds of data that this app keeps: what Facebook told, conversations, and traces of the staff."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.conversations.forgetting import NOBODY
from pages.models import FacebookLogin, FacebookRequest, Thread, ThreadMessage
from pages.models.thread import Direction
from pages.retention.kind import CHUNK, Kept, Kind, Step, Turn, days_of, deleting, pointed_at
from pages.webhooks import retention as webhooks


def _messages(before: datetime) -> QuerySet[ThreadMessage]:
    return ThreadMessage.objects.filter(at__lt=before)


def _threads(before: datetime) -> QuerySet[Thread]:
    """Those that still name somebody."""
    return Thread.objects.filter(last_at__lt=before).exclude(psid__startswith=NOBODY)


def _end_threads(turn: Turn) -> Step:
    """A thread that was answered stays as a row that names nobody: the ledger counts what was sent to it.

    Two lists have an index each: the open ones, and the closed.
    """
    for part in (Q(closed_at=None), Q(closed_at__isnull=False)):
        with transaction.atomic():
            rows = _threads(turn.before).filter(part).order_by("-last_at", "-pk").reverse()
            pks = list(rows.select_for_update().values_list("pk", flat=True)[:CHUNK])
            if not pks:
                continue
            ThreadMessage.objects.filter(thread__in=pks).delete()
            mine = Thread.objects.filter(pk__in=pks)
            mine.filter(pointed_at(Thread, but=(ThreadMessage,))).update(**_nobody(turn.now))
            mine.exclude(psid__startswith=NOBODY).delete()
        return Step(removed=len(pks), after="")
    return Step(removed=0)


def _nobody(now: datetime) -> dict[str, Any]:
    """What a thread says of nobody; the chance in it is new each time, and the key keeps rows apart."""
    return {
        "psid": Concat(Value(f"{NOBODY}{secrets.token_hex(12)}-"), Cast("pk", CharField())),
        **dict.fromkeys(("name", "picture_url", "profile_error", "excerpt", "last_kind"), ""),
        **dict.fromkeys(("assigned_to", "acted_at", "delivered_to", "read_to", "disclosed_at", "blocked_at")),
        "last_direction": Direction.IN,
        "unread": 0,
        "answered": [],
        "closed_at": F("last_at"),
        "profile_at": now,
    }


def _requests(before: datetime) -> QuerySet[FacebookRequest]:
    return FacebookRequest.objects.filter(done_at__lt=before)


def _admin_log(before: datetime) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(action_time__lt=before)


def _oldest_of_the_log(turn: Turn) -> Step:
    """It has no index by time, and needs none: it is written in the order of its keys."""
    oldest = list(LogEntry.objects.order_by("pk").values_list("pk", "action_time")[:CHUNK])
    due = [pk for pk, at in oldest if at < turn.before]
    LogEntry.objects.filter(pk__in=due).delete()
    return Step(removed=len(due), after="" if len(due) == CHUNK else None)


def _sessions(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


def _logins(before: datetime) -> QuerySet[FacebookLogin]:
    return FacebookLogin.objects.filter(~Q(ended_at=None), begun_at__lt=before)


def _for(span: timedelta) -> Callable[[], timedelta]:
    return lambda: span


KINDS: Final = (
    Kind(
        name="webhook_calls",
        words=_("Calls of Facebook, as they came"),
        about=_("The bytes that Facebook posted. What nobody could take apart yet stays until somebody does."),
        setting="WEBHOOK_DAYS",
        keep=days_of("WEBHOOK_DAYS"),
        due=webhooks.posts_due,
        at="received_at",
        step=deleting(webhooks.posts_due, at="received_at"),
    ),
    Kind(
        name="webhook_events",
        words=_("Facebook’s events"),
        about=_("Messages, taps and receipts as Facebook told them. What waits to be processed stays."),
        setting="WEBHOOK_DAYS",
        keep=days_of("WEBHOOK_DAYS"),
        due=webhooks.events_due,
        at="received_at",
        step=deleting(webhooks.events_due, at="received_at"),
    ),
    Kind(
        name="messages",
        words=_("Private messages"),
        about=_("What a customer and the page wrote to each other. Messenger’s own copy stays with Facebook."),
        setting="RETENTION_CONVERSATION_DAYS",
        keep=days_of("RETENTION_CONVERSATION_DAYS"),
        due=_messages,
        at="at",
        step=deleting(_messages, at="at"),
    ),
    Kind(
        name="conversations",
        words=_("Conversations in which nothing happens"),
        about=_("Name, picture and Facebook id of somebody who has not written or been written to for so long."),
        setting="RETENTION_CONVERSATION_DAYS",
        keep=days_of("RETENTION_CONVERSATION_DAYS"),
        due=_threads,
        at="last_at",
        step=_end_threads,
    ),
    Kind(
        name="facebook_requests",
        words=_("Requests made through Facebook"),
        about=_("Whoever linked a page and took the access away, or asked for deletion, by Facebook id."),
        setting="RETENTION_AUDIT_DAYS",
        keep=days_of("RETENTION_AUDIT_DAYS"),
        due=_requests,
        at="done_at",
        step=deleting(_requests, at="done_at"),
    ),
    Kind(
        name="admin_log",
        words=_("Changes made in forms"),
        about=_("Who of the staff changed which settings."),
        setting="RETENTION_AUDIT_DAYS",
        keep=days_of("RETENTION_AUDIT_DAYS"),
        due=_admin_log,
        at="action_time",
        step=_oldest_of_the_log,
    ),
    Kind(
        name="sessions",
        words=_("Sessions of the staff"),
        about=_("Who was signed in, in which browser."),
        how_long=pgettext_lazy("kept", "until they end"),
        keep=_for(timedelta(0)),
        due=_sessions,
        at="expire_date",
        step=deleting(_sessions, at="expire_date"),
    ),
    Kind(
        name="logins",
        words=_("Logins at Facebook"),
        about=_("Which pages somebody of the staff could link. Their tokens go when the login ends."),
        how_long=pgettext_lazy("kept", "a day"),
        keep=_for(timedelta(days=1)),
        due=_logins,
        at="begun_at",
    ),
)

KEPT: Final = (
    Kept(
        words=_("Keyed hashes of erased people"),
        why=_("They keep an import, the API or a late event from bringing an erased person back. They name nobody."),
    ),
    Kept(
        words=_("Which page belonged to which site"),
        why=_("It answers whose customers somebody was at a time. It names no customer."),
    ),
)
