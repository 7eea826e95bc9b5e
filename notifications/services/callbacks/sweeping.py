"""Finds by itself whose events wait without a sender, and lets go of what is too old to be kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications import hints
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackReplay
from notifications.services.callbacks import turns

# Rows deleted in one transaction, and in one sweep of one callback.
CHUNK = 1_000


def sweep(*, now: datetime) -> None:
    for pk in with_work(now).values_list("pk", flat=True):
        hints.kick_callback(pk)
    forget(now=now)


def with_work(now: datetime) -> QuerySet[Callback]:
    """Callbacks that may be called, for which nobody sends and something waits."""
    of_callback = CallbackEvent.objects.filter(callback=OuterRef("pk"))
    unnumbered = Exists(of_callback.filter(number=None))
    again = Exists(CallbackReplay.objects.filter(callback=OuterRef("pk"), ended_at=None))
    untaken = Exists(of_callback.filter(number__gt=OuterRef("taken_to")))
    return turns.ready(now).filter(unnumbered | untaken | again)


def forget(*, now: datetime) -> int:
    """Deletes events and calls that are older than CALLBACK_DAYS, a chunk of each; returns how many events."""
    before = now - timedelta(days=settings.CALLBACK_DAYS)
    old_calls = CallbackCall.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:CHUNK]
    if pks := list(old_calls):
        CallbackCall.objects.filter(pk__in=pks).delete()
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
