"""Finds by itself whose events wait without a sender; and what of callbacks is too old to be kept."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications import hints
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackReplay
from notifications.services.callbacks import turns

# Rows deleted in one transaction, and in one step of one callback.
CHUNK = 1_000


def sweep(*, now: datetime) -> None:
    for pk in with_work(now).values_list("pk", flat=True):
        hints.kick_callback(pk)


def with_work(now: datetime) -> QuerySet[Callback]:
    """Callbacks that may be called, for which nobody sends and something waits."""
    of_callback = CallbackEvent.objects.filter(callback=OuterRef("pk"))
    unnumbered = Exists(of_callback.filter(number=None))
    again = Exists(CallbackReplay.objects.filter(callback=OuterRef("pk"), ended_at=None))
    untaken = Exists(of_callback.filter(number__gt=OuterRef("taken_to")))
    return turns.ready(now).filter(unnumbered | untaken | again)


def calls_due(before: datetime) -> QuerySet[CallbackCall]:
    return CallbackCall.objects.filter(at__lt=before)


def events_due(before: datetime) -> QuerySet[CallbackEvent]:
    return CallbackEvent.objects.filter(at__lt=before)


def forget_events(*, before: datetime) -> int:
    """Deletes events that are older, a chunk of each callback's; returns how many."""
    return sum(_forget_events(pk, before) for pk in Callback.objects.values_list("pk", flat=True))


def _forget_events(callback_pk: int, before: datetime) -> int:
    """What nobody was told of takes its numbers with it: the receiver sees that something is missing."""
    old = CallbackEvent.objects.filter(callback=callback_pk, at__lt=before)
    if not old.exists():
        return 0
    with transaction.atomic():
        rows = Callback.objects.filter(pk=callback_pk)
        rows.select_for_update(no_key=True).get()
        found = list(old.order_by("at", "pk").values_list("pk", "number")[:CHUNK])
        lost = sum(number is None for _pk, number in found)
        CallbackEvent.objects.filter(pk__in=[pk for pk, _number in found]).delete()
        if lost:
            rows.update(numbered_to=F("numbered_to") + lost)
        return len(found)
