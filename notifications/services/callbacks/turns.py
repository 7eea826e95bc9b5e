"""Whose turn it is (one sender per site, by a lease), the next events, their numbers, and how far the receiver is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from notifications.callbacks.events import MOST_EVENTS, Event
from notifications.models.callback import Callback, CallbackEvent, CallbackReplay, CallbackState

# The next numbers, in the order in which the events were written down.
_NUMBER = """
UPDATE notifications_callbackevent SET number = n.number
FROM (
    SELECT w.id, %s + ROW_NUMBER() OVER (ORDER BY w.id) AS number
    FROM (
        SELECT id FROM notifications_callbackevent WHERE callback_id = %s AND number IS NULL ORDER BY id LIMIT %s
    ) AS w
) AS n
WHERE notifications_callbackevent.id = n.id
"""


class TurnLost(Exception):
    """Somebody else sends for this site now, or nobody may any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one call carries; `replay` is the wish that it follows from, None for what is new."""

    events: list[Event]
    replay: CallbackReplay | None = None

    @property
    def last(self) -> int:
        return self.events[-1].number


def _lease() -> Combinable:
    return ExpressionWrapper(Now() + timedelta(seconds=settings.LEASE_SECONDS), output_field=DateTimeField())


def take(*, callback_pk: int, holder: str, now: datetime) -> bool:
    """Takes the site's turn, unless somebody has it, or its next try is later."""
    free = ready(now).filter(pk=callback_pk)
    return bool(free.update(holder=holder, leased_until=_lease()))


def give_back(*, callback_pk: int, holder: str) -> None:
    Callback.objects.filter(pk=callback_pk, holder=holder).update(holder="", leased_until=None)


def ready(now: datetime) -> QuerySet[Callback]:
    """Callbacks that may be called and for which nobody sends."""
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    return Callback.objects.filter(free, due, state=CallbackState.ON)


def held(*, callback_pk: int, holder: str) -> QuerySet[Callback]:
    """The callback, as long as it is this holder's turn."""
    return Callback.objects.filter(pk=callback_pk, holder=holder, state=CallbackState.ON)


def next_new(*, callback_pk: int, holder: str) -> Batch | None:
    """The next events that the receiver has not taken, with their numbers; None when there are none.

    What was numbered before and not taken comes again, number for number. Raises TurnLost.
    """
    with transaction.atomic():
        callback = _prolong(callback_pk, holder)
        waiting = _numbered(callback).filter(number__gt=callback.taken_to)
        if not waiting.exists():
            _number(callback)
        return _batch(waiting, None)


def next_again(*, callback_pk: int, holder: str) -> Batch | None:
    """The next events of the oldest wish that some be sent again. Raises TurnLost."""
    with transaction.atomic():
        callback = _prolong(callback_pk, holder)
        for replay in CallbackReplay.objects.filter(callback=callback, ended_at=None).order_by("pk"):
            batch = _batch(to_repeat(replay), replay)
            if batch:
                return batch
            CallbackReplay.objects.filter(pk=replay.pk).update(ended_at=Now())
    return None


def to_repeat(replay: CallbackReplay) -> QuerySet[CallbackEvent]:
    rows = _numbered(replay.callback).filter(number__gte=replay.next_number, number__lte=replay.last_number)
    return rows.filter(taken_at=None) if replay.untaken else rows


def _prolong(callback_pk: int, holder: str) -> Callback:
    if not held(callback_pk=callback_pk, holder=holder).update(leased_until=_lease()):
        raise TurnLost
    return Callback.objects.get(pk=callback_pk)


def _numbered(callback: Callback) -> QuerySet[CallbackEvent]:
    return CallbackEvent.objects.filter(callback=callback, number__isnull=False).order_by("number")


def _number(callback: Callback) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [callback.numbered_to, callback.pk, MOST_EVENTS])
        numbered = int(cursor.rowcount)
    if numbered:
        Callback.objects.filter(pk=callback.pk).update(numbered_to=F("numbered_to") + numbered)
    return numbered


def number_all(*, callback_pk: int) -> None:
    """Gives everything that waits its number. Call it with the callback locked."""
    while _number(Callback.objects.get(pk=callback_pk)):
        pass


def _batch(rows: QuerySet[CallbackEvent], replay: CallbackReplay | None) -> Batch | None:
    """The first of `rows`, up to the first gap in their numbers: a call is known by its first and its last."""
    found = [
        Event(number=row.number or 0, id=row.uuid, type=row.type, at=row.at, data=row.data)
        for row in rows[:MOST_EVENTS]
    ]
    unbroken = [event for place, event in enumerate(found) if event.number - found[0].number == place]
    return Batch(events=unbroken, replay=replay) if unbroken else None
