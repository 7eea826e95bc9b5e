"""What a person does with a site's callback: where it goes, what is told, its secret, and sending again."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Max, Min, QuerySet

from notifications import hints
from notifications.callbacks import signing, urls
from notifications.callbacks.events import CHOICES, EventType
from notifications.callbacks.urls import UrlProblem
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackReplay, CallbackState
from notifications.services.callbacks import telling, turns
from pages import audit
from pages.models import Site

# How long calls are signed with the old secret as well, once there is a new one.
BOTH_SECRETS = timedelta(days=1)


class UrlRefused(Exception):
    """The URL can't be called; `problem` says why."""

    def __init__(self, problem: UrlProblem) -> None:
        self.problem = problem
        super().__init__(problem.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where a site wants to be told, what of, and whether at all."""

    url: str
    types: Collection[EventType]
    on: bool

    def as_fields(self) -> dict[str, object]:
        return {"url": self.url, "types": [kind.value for kind in CHOICES if kind in self.types]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Events by their numbers, both ends included; with `untaken`, those among them that were never taken."""

    first: int
    last: int
    untaken: bool = False


def judge(url: str) -> None:
    """Raises UrlRefused."""
    found = urls.problem(url, local=not settings.PRODUCTION)
    if found:
        raise UrlRefused(found)


def create(*, site: Site, wish: Wish, actor: AbstractBaseUser | None) -> Callback:
    """A callback with a secret of its own. Raises UrlRefused."""
    judge(wish.url)
    with transaction.atomic():
        callback = Callback.objects.create(
            site=site,
            state=CallbackState.ON if wish.on else CallbackState.OFF,
            secret=_new_secret(),
            **wish.as_fields(),
        )
        audit.record(actor=actor, action="callback.created", subject=callback, sid=site.sid, on=wish.on)
    return callback


def change(*, callback: Callback, wish: Wish, actor: AbstractBaseUser | None) -> None:
    """Takes effect with the next call. Raises UrlRefused.

    Switched off, nothing more is written down, and what was not sent yet is kept for when it is switched on again.
    A stopped one stays stopped until it is started again.
    """
    judge(wish.url)
    with transaction.atomic():
        rows = Callback.objects.filter(pk=callback.pk)
        rows.update(**wish.as_fields())
        if not wish.on:
            _rest(rows, CallbackState.OFF)
        elif rows.filter(state=CallbackState.OFF).exists():
            _rest(rows, CallbackState.ON)
            hints.kick_callback(callback.pk)
        audit.record(actor=actor, action="callback.changed", subject=callback, on=wish.on)
    callback.refresh_from_db()


def start_again(*, callback: Callback, skip_waiting: bool, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Lets a stopped callback send again, from where it stopped or, with `skip_waiting`, from what happens next.

    What is skipped keeps its numbers, so that the receiver sees the gap, and can be sent again later. False: it was
    not stopped any more.
    """
    with transaction.atomic():
        rows = Callback.objects.select_for_update(no_key=True).filter(pk=callback.pk, state=CallbackState.STOPPED)
        if not rows.exists():
            return False
        if skip_waiting:
            turns.number_all(callback_pk=callback.pk)
            rows.update(taken_to=F("numbered_to"))
        _rest(rows, CallbackState.ON)
        audit.record(actor=actor, action="callback.started", subject=callback, skipped=skip_waiting)
        hints.kick_callback(callback.pk)
    callback.refresh_from_db()
    return True


def try_now(*, callback: Callback, actor: AbstractBaseUser | None) -> bool:
    """Doesn't wait for the next try. False: it waits for none."""
    waiting = Callback.objects.filter(pk=callback.pk, state=CallbackState.ON, next_try_at__isnull=False)
    with transaction.atomic():
        if not waiting.update(next_try_at=None):
            return False
        audit.record(actor=actor, action="callback.hurried", subject=callback)
        hints.kick_callback(callback.pk)
        return True


def rotate(*, callback: Callback, actor: AbstractBaseUser | None, now: datetime) -> str:
    """A new secret, which is returned. For a day calls are signed with both."""
    secret = _new_secret()
    with transaction.atomic():
        today = Callback.objects.select_for_update(no_key=True).get(pk=callback.pk)
        Callback.objects.filter(pk=callback.pk).update(
            secret=secret, previous_secret=today.secret, previous_until=now + BOTH_SECRETS
        )
        audit.record(actor=actor, action="callback.secret_rotated", subject=callback)
    callback.refresh_from_db()
    return secret


def send_test(*, callback: Callback, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Sends a test event. False: the callback is not on."""
    with transaction.atomic():
        if not Callback.objects.filter(pk=callback.pk, state=CallbackState.ON).exists():
            return False
        telling.test(callback=callback, now=now)
        audit.record(actor=actor, action="callback.tested", subject=callback)
        return True


def of_call(call: CallbackCall) -> Span:
    return Span(first=call.first_number, last=call.last_number)


def since_number(callback: Callback, number: int) -> Span:
    """Everything from this number on that was already due to the receiver once."""
    return Span(first=number, last=callback.taken_to)


def since_time(callback: Callback, at: datetime) -> Span:
    rows = CallbackEvent.objects.filter(callback=callback, at__gte=at, number__lte=callback.taken_to)
    first = rows.aggregate(first=Min("number"))["first"]
    return Span(first=first or callback.taken_to + 1, last=callback.taken_to)


def never_taken(callback: Callback) -> Span:
    """What was skipped, among all that is still kept."""
    return Span(first=1, last=callback.taken_to, untaken=True)


def events_of(callback: Callback, span: Span) -> QuerySet[CallbackEvent]:
    rows = CallbackEvent.objects.filter(callback=callback, number__gte=span.first, number__lte=span.last)
    return rows.filter(taken_at=None) if span.untaken else rows


def replay(*, callback: Callback, span: Span, actor: AbstractBaseUser | None, now: datetime) -> int:
    """Has these events sent again, with the numbers and ids that they had; returns how many there are."""
    with transaction.atomic():
        rows = events_of(callback, span)
        count = rows.count()
        if not count:
            return 0
        last = rows.aggregate(last=Max("number"))["last"]
        CallbackReplay.objects.create(
            callback=callback,
            next_number=span.first,
            last_number=last,
            untaken=span.untaken,
            requested_by_id=actor.pk if actor else None,
            requested_at=now,
        )
        told = {"first": span.first, "last": last, "events": count}
        audit.record(actor=actor, action="callback.replayed", subject=callback, **told)
        hints.kick_callback(callback.pk)
        return count


def _rest(rows: QuerySet[Callback], state: CallbackState) -> None:
    """Into `state`, with nothing left of earlier failures; whoever is sending this instant has lost the turn."""
    cleared = {"tries": 0, "failing_since": None, "next_try_at": None, "holder": "", "leased_until": None}
    rows.update(state=state, stop="", **cleared)


def _new_secret() -> str:
    return signing.PREFIX + secrets.token_urlsafe(32)
