"""A page's turn: take its lease, settle what a dead pump left, send for a slice, hand on."""

import logging
import os
import socket
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from notifications import hints
from notifications.concurrency import Concurrency
from notifications.gateway.wire import borrow
from notifications.models import Lease
from notifications.pace import HORIZON, Pace, share
from notifications.services import campaigns, choosing, installation, lease, recording, watching
from notifications.services.pump import Pump
from notifications.services.resting import Rest
from notifications.services.ways_out import way_out
from pages.fields import Unreadable
from pages.models import Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page

logger = logging.getLogger(__name__)


def holder_name() -> str:
    """Unique to one holding, and readable in the database."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def pump_page(page_pk: int, *, fence: int | None = None) -> None:
    """Sends the page's due rows for one slice. Harmless to call any number of times, anywhere, at once.

    With the `fence` of a hint it does so only if nobody had the page since the hint was sent.
    """
    if not installation.stands(now=timezone.now()):
        return
    held = lease.acquire(page_pk=page_pk, holder=holder_name(), fence=fence)
    if held is None:
        return
    again = False
    try:
        left = recording.declare_unknown(page_pk=page_pk, before_fence=held.fence, now=timezone.now())
        if left:
            logger.warning("Page %s: %s deliveries of a lost sender are in doubt.", page_pk, left)
        again = _send(held)
    finally:
        lease.release(held)
    campaigns.finish_done(now=timezone.now(), page_pk=page_pk)
    watching.pause_after_first_slices(now=timezone.now(), page_pk=page_pk)
    if again and choosing.has_due(page_pk, timezone.now()):
        hints.kick_page(page_pk)


def _send(held: lease.Held) -> bool:
    """Runs the pump where the page may send; returns whether it is worth looking again at once for what is due."""
    page = Page.objects.get(pk=held.page_pk)
    now = timezone.now()
    row = Lease.objects.get(pk=held.page_pk)
    if not choosing.may_send(page.pk) or (row.rest_until and row.rest_until > now):
        return False
    if not choosing.has_due(page.pk, now):
        # Looked at again once the lease is released: a hint for what comes until then counts on this turn.
        return True
    if not page.token:
        unreadable = isinstance(page.token, Unreadable)
        kind = IncidentKind.UNREADABLE_TOKEN if unreadable else IncidentKind.NO_TOKEN
        hold_page(page=page, kind=kind, detail="", now=now)
        return False
    with borrow() as wire:
        wire.guard = held.stands
        pace = pace_of(page, row)
        wire.gap = pace.least_gap()
        pump = Pump(
            way_out=way_out(page),
            held=held,
            wire=wire,
            pace=pace,
            rest=Rest(page=page, rests=row.rests, share=_share(row)),
            concurrency=Concurrency.begin(ceiling=settings.MAX_IN_FLIGHT, limit=row.in_flight, best=row.latency),
        )
        pump.run()
    return not pump.halted


def pace_of(page: Page, row: Lease) -> Pace:
    """The pace goes on where the last holder left it; a clock that jumped can delay it by the horizon at most."""
    ahead = (row.next_send_at - timezone.now()) / timedelta(seconds=1) if row.next_send_at else 0.0
    per_second = page.messages_per_second * _share(row)
    slowest = HORIZON + 1 / per_second
    return Pace(
        per_second=per_second if settings.PACE_LIMIT else None,
        next_at=time.monotonic() + min(max(ahead, 0.0), slowest),
    )


def _share(row: Lease) -> float:
    return share(row.slowed_to, (timezone.now() - row.slowed_at) / timedelta(seconds=1)) if row.slowed_at else 1.0
