"""How often an asker may ask, over all web processes and machines together: one statement for each question.

The bucket is one point in time: how far the requests granted so far reach at the asker's pace. It may lie a minute
ahead, no more: that minute is the burst.
"""

from datetime import datetime, timedelta

from django.db.models import Case, F, Value, When
from django.utils.crypto import salted_hmac

from optins.models import Quota

BURST = timedelta(minutes=1)
CHUNK = 1_000


def allow(*, asker: str, per_minute: int, now: datetime) -> float:
    """0 when one more may be answered, else the seconds until it may be tried again.

    Ask before a transaction begins: the row would stay locked until its end.
    """
    key, step = key_of(asker, now), timedelta(microseconds=BURST // timedelta(microseconds=per_minute))
    if _take(key, step, now):
        return 0.0
    Quota.objects.bulk_create([Quota(key=key, granted_until=now)], ignore_conflicts=True)
    if _take(key, step, now):
        return 0.0
    reached = Quota.objects.filter(pk=key).values_list("granted_until", flat=True).first() or now
    return max((reached + step - BURST - now).total_seconds(), step.total_seconds() / 2)


def key_of(asker: str, now: datetime) -> str:
    """Of another day it is another one: an address can't be followed."""
    return salted_hmac(f"quota of {now:%Y-%m-%d}", asker, algorithm="sha256").hexdigest()


def forget(*, now: datetime) -> int:
    """Drops the askers who have asked for nothing since."""
    old = Quota.objects.filter(granted_until__lt=now - BURST).values_list("pk", flat=True)[:CHUNK]
    pks = list(old)
    return Quota.objects.filter(pk__in=pks, granted_until__lt=now - BURST).delete()[0] if pks else 0


def _take(key: str, step: timedelta, now: datetime) -> bool:
    """Moves the point on by one request, from now if it lies behind; whoever comes too late moves nothing."""
    further = When(granted_until__gt=now, then=F("granted_until") + step)
    room = Quota.objects.filter(pk=key, granted_until__lte=now + BURST - step)
    return bool(room.update(granted_until=Case(further, default=Value(now + step))))
