"""Name and picture of the people who write, asked of Facebook beside everything else: no event and no screen waits.

A thread is due while nobody asked, which is what `profile_at` empty says; whoever asks sets it first. What Facebook
refuses is kept on the thread and asked again after a while, when the person writes or an agent looks.
"""

import time
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from pages import hints
from pages.graph import people
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Thread
from pages.states import GatewayKind

# A picture's address lasts some days.
FRESH_FOR, REFUSED_FOR = timedelta(days=3), timedelta(hours=1)
BATCH = 20
# How long one task works before it lets others have the worker, in seconds.
SLICE = 5.0


def due() -> QuerySet[Thread]:
    """Served by the partial index thread_profile_due."""
    return Thread.objects.filter(profile_at=None)


def is_stale(thread: Thread, now: datetime) -> bool:
    kept = REFUSED_FOR if thread.profile_error else FRESH_FOR
    return thread.profile_at is not None and thread.profile_at < now - kept


def renew(thread: Thread, now: datetime) -> None:
    """Has a profile that is stale asked for again, by whoever has time."""
    if is_stale(thread, now) and Thread.objects.filter(pk=thread.pk, profile_at=thread.profile_at).update(
        profile_at=None
    ):
        hints.kick_profiles()


def fetch_due(*, seconds: float = SLICE) -> int:
    """Call it outside any transaction. Returns how many were asked for; what is left is hinted to."""
    until, count = time.monotonic() + seconds, 0
    while threads := list(due().select_related("page").order_by("-id")[:BATCH]):
        for thread in threads:
            if time.monotonic() >= until:
                hints.kick_profiles()
                return count
            count += fetch(thread, now=timezone.now())
    return count


def fetch(thread: Thread, *, now: datetime) -> bool:
    """False: another worker asks already."""
    if not Thread.objects.filter(pk=thread.pk, profile_at=None).update(profile_at=now):
        return False
    # Whoever was erased meanwhile has another psid.
    row = Thread.objects.filter(pk=thread.pk, psid=thread.psid, profile_at=now)
    if thread.page.gateway != GatewayKind.META or not thread.page.token:
        row.update(profile_error="no access")
        return True
    try:
        found = people.person(thread.psid, thread.page.token)
    except GraphError as error:
        row.update(profile_error=f"{error.code}/{error.subcode or 0}")
    except GraphUnreachable as error:
        row.update(profile_error=str(error)[:200])
    else:
        row.update(name=found.name.replace("\0", ""), picture_url=found.picture_url, profile_error="")
    return True
