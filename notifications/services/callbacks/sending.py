"""Sending a site's events: one sender at a time, batch by batch, in the order of their numbers.

A batch is sent until it is taken; nothing that comes after it is sent before. The call is made outside any
transaction. Whoever dies between the call and its record leaves the same events, with the same numbers and ids, to the
next one: at least once, and in order.
"""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications import hints
from notifications.callbacks import events, schedule, signing
from notifications.gateway.answers import clean, retry_after
from notifications.gateway.contract import Answer
from notifications.models.callback import (
    Callback,
    CallbackCall,
    CallbackEvent,
    CallbackOutcome,
    CallbackReplay,
    CallbackState,
    CallbackStop,
)
from notifications.services import installation
from notifications.services.callbacks import client, turns
from notifications.services.callbacks.client import Reply
from notifications.services.callbacks.turns import Batch, TurnLost

# Seconds after which a sender makes room for other sites.
SLICE = 5.0

GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was sent, when, and what came back."""

    uuid: uuid.UUID
    batch: Batch
    at: datetime
    reply: Reply

    @property
    def outcome(self) -> CallbackOutcome:
        if self.reply.status is not None and 200 <= self.reply.status < 300:
            return CallbackOutcome.TAKEN
        return CallbackOutcome.GONE if self.reply.status == GONE else CallbackOutcome.FAILED


def call_back(callback_pk: int) -> None:
    """Sends for a slice of time and hands on. Harmless to call any number of times, anywhere, at once.

    A restored copy of the database is silent: its numbers were given to other events meanwhile.
    """
    holder = uuid.uuid4().hex
    if not installation.is_armed() or not turns.take(callback_pk=callback_pk, holder=holder, now=timezone.now()):
        return
    try:
        more = _send(callback_pk, holder, time.monotonic() + SLICE)
    except TurnLost:
        return
    turns.give_back(callback_pk=callback_pk, holder=holder)
    if more:
        hints.kick_callback(callback_pk)


def _send(callback_pk: int, holder: str, ends_at: float) -> bool:
    """Takes what is new and what is to be sent again by turns. Whether there is more to send at once."""
    sources: list[Callable[[], Batch | None]] = [
        partial(turns.next_new, callback_pk=callback_pk, holder=holder),
        partial(turns.next_again, callback_pk=callback_pk, holder=holder),
    ]
    while time.monotonic() < ends_at:
        found = False
        for source in sources:
            batch = source()
            if batch is None:
                continue
            found = True
            if not send_batch(callback_pk=callback_pk, holder=holder, batch=batch):
                return False
        if not found:
            return False
    return True


def send_batch(*, callback_pk: int, holder: str, batch: Batch) -> bool:
    """Makes the call and writes down what came of it. Whether it was taken. Raises TurnLost."""
    callback = Callback.objects.select_related("site").get(pk=callback_pk)
    secrets = valid_secrets(callback, timezone.now())
    if not secrets:
        _stop(callback_pk, holder, CallbackStop.UNREADABLE)
        raise TurnLost
    call = _call(callback, secrets, batch)
    record(callback_pk=callback_pk, holder=holder, call=call, now=timezone.now())
    return call.outcome is CallbackOutcome.TAKEN


def valid_secrets(callback: Callback, now: datetime) -> list[str]:
    """Those that a call is signed with, the newest first; none when the newest can't be decrypted."""
    before = callback.previous_secret if callback.previous_until and now < callback.previous_until else ""
    return [secret for secret in (callback.secret, before) if secret] if callback.secret else []


def _call(callback: Callback, secrets: list[str], batch: Batch) -> Call:
    delivery, at = uuid.uuid4(), timezone.now()
    body = events.body(sid=callback.site.sid, events=batch.events, replay=batch.replay is not None)
    headers = signing.headers(secrets=secrets, delivery=str(delivery), timestamp=int(at.timestamp()), body=body)
    reply = client.post(url=callback.url, body=body, headers=headers, local=not settings.PRODUCTION)
    return Call(uuid=delivery, batch=batch, at=at, reply=reply)


def record(*, callback_pk: int, holder: str, call: Call, now: datetime) -> None:
    """The log, and what follows from the answer, in one transaction. Raises TurnLost, having kept the log."""
    with transaction.atomic():
        _log(callback_pk, call)
        mine = turns.held(callback_pk=callback_pk, holder=holder)
        callback = mine.select_for_update(no_key=True).first()
        if callback is not None and call.outcome is CallbackOutcome.TAKEN:
            _taken(callback, call.batch, now)
        elif callback is not None:
            _failed(callback, call, now)
    if callback is None:
        raise TurnLost


def _log(callback_pk: int, call: Call) -> None:
    masked = call.reply.answer
    for secret in Callback.objects.values_list("secret", "previous_secret").get(pk=callback_pk):
        masked = clean(masked, secret)
    CallbackCall.objects.create(
        callback_id=callback_pk,
        uuid=call.uuid,
        at=call.at,
        replay=call.batch.replay is not None,
        first_number=call.batch.events[0].number,
        last_number=call.batch.last,
        events=len(call.batch.events),
        outcome=call.outcome,
        status_code=call.reply.status,
        fault=call.reply.fault or "",
        milliseconds=call.reply.milliseconds,
        answer=masked,
    )


def _taken(callback: Callback, batch: Batch, now: datetime) -> None:
    Callback.objects.filter(pk=callback.pk).update(tries=0, failing_since=None, next_try_at=None)
    told = CallbackEvent.objects.filter(callback=callback, uuid__in=[event.id for event in batch.events])
    told.filter(taken_at=None).update(taken_at=now)
    if batch.replay:
        CallbackReplay.objects.filter(pk=batch.replay.pk).update(next_number=batch.last + 1)
    else:
        Callback.objects.filter(pk=callback.pk).update(taken_to=batch.last)


def _failed(callback: Callback, call: Call, now: datetime) -> None:
    since = callback.failing_since or now
    rows = Callback.objects.filter(pk=callback.pk)
    if call.outcome is CallbackOutcome.GONE:
        rows.update(state=CallbackState.STOPPED, stop=CallbackStop.GONE, failing_since=since, next_try_at=None)
    elif schedule.is_over(failing_since=since, now=now, patience=settings.CALLBACK_PATIENCE):
        rows.update(state=CallbackState.STOPPED, stop=CallbackStop.GAVE_UP, failing_since=since, next_try_at=None)
    else:
        again = schedule.next_try(
            tries=callback.tries + 1,
            now=now,
            retry_after=_retry_after(call.reply, now),
            chance=random.random(),  # noqa: S311  (jitter, not a secret)
        )
        rows.update(tries=F("tries") + 1, failing_since=since, next_try_at=again)


def _retry_after(reply: Reply, now: datetime) -> float | None:
    return retry_after(Answer(status=reply.status, headers=reply.headers), now.timestamp())


def _stop(callback_pk: int, holder: str, why: CallbackStop) -> None:
    mine = turns.held(callback_pk=callback_pk, holder=holder)
    mine.update(state=CallbackState.STOPPED, stop=why, next_try_at=None, holder="", leased_until=None)
