"""Letting a restored copy send again, as a person chose: what was waiting when it was made is held back, or sent.

The choice is written down and worked off in chunks, by the sweep or by whoever calls `go_on`; nothing is sent before
that is complete. What ends it half-way is gone on with.
"""

import time
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.models import Campaign, Delivery, Installation
from notifications.querysets import DeliveryQuerySet
from notifications.reasons import Reason
from notifications.services import expansion, lateness, ledger, place
from notifications.services.installation import THE_ONE
from notifications.states import DeliveryState, Waiting
from pages import audit

# Rows held back in one transaction.
CHUNK = 2000


def disarmed() -> Installation | None:
    """The installation, while it must not send."""
    return Installation.objects.filter(pk=THE_ONE, armed=False).select_related("arming_by").first()


def ask_to_arm(*, waiting: Waiting, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Writes the choice down; `go_on` does the work. False: it may send already, or somebody chose before."""
    with transaction.atomic():
        copies = Installation.objects.filter(pk=THE_ONE, armed=False, arming="")
        if not copies.update(arming=waiting, arming_by_id=actor.pk if actor else None):
            return False
        subject = Installation(pk=THE_ONE)
        audit.record(actor=actor, action="installation.arming", subject=subject, waiting=waiting.value)
        return True


def go_on(*, now: datetime, seconds: float) -> int:
    """Works off what was chosen, for about so many seconds, and arms once that is complete; returns how many
    deliveries it held back. Several may do so at once.
    """
    copy, ends_at = disarmed(), time.monotonic() + seconds
    if copy is None or not copy.arming:
        return 0
    total = 0
    if copy.arming == Waiting.HOLD_BACK:
        _expand(now, ends_at)
        total = _hold_back(copy, now, ends_at)
        if _unexpanded().exists() or waiting_in(copy).exists():
            return total
    _arm(copy, now)
    return total


def waiting_in(copy: Installation) -> DeliveryQuerySet:
    """What its original may have sent since: all that waited when it was made, and all that its campaigns had yet
    to make rows for. What was asked for since then is not part of it.
    """
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED)
    return queued.filter(Q(campaign__isnull=False) | Q(pk__lte=copy.disarmed_top or 0))


def _unexpanded() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=expansion.GOING, expanded_at=None)


def _expand(now: datetime, ends_at: float) -> None:
    """The rows have to be there to be held back; the original may have made and sent them."""
    for campaign_pk in _unexpanded().values_list("pk", flat=True):
        while time.monotonic() < ends_at and (campaign := _unexpanded().filter(pk=campaign_pk).first()):
            expansion.expand_chunk(campaign=campaign, now=now)


def _hold_back(copy: Installation, now: datetime, ends_at: float) -> int:
    total = last = 0
    while time.monotonic() < ends_at:
        with transaction.atomic():
            rows = waiting_in(copy).filter(pk__gt=last).order_by("pk").select_for_update(skip_locked=True)
            ids = list(rows.values_list("pk", flat=True)[:CHUNK])
            total += ledger.move_ids(
                ids, DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED, reason=Reason.RESTORED, ended_at=now
            )
        if not ids:
            break
        last = ids[-1]
    return total


def _arm(copy: Installation, now: datetime) -> None:
    """The copy becomes an installation of its own: what anybody remembers of the original's beats is not about it."""
    with transaction.atomic():
        armed = Installation.objects.filter(pk=THE_ONE, uuid=copy.uuid, armed=False, arming=copy.arming)
        if not armed.update(
            uuid=uuid4(),
            place=place.here(),
            armed=True,
            disarmed_at=None,
            disarmed_why="",
            disarmed_top=None,
            arming="",
            arming_by=None,
        ):
            return
        if copy.arming == Waiting.HOLD_BACK:
            _ask_about_the_missed(now)
        subject = Installation(pk=THE_ONE)
        audit.record(actor=copy.arming_by, action="installation.armed", subject=subject, waiting=copy.arming)


def _ask_about_the_missed(now: datetime) -> None:
    """Campaigns whose time passed since the copy was made may have been launched by the original: their policy is for
    a system that was down, and would launch them a second time.
    """
    for campaign in Campaign.objects.due(now):
        lateness.hold_back(campaign=campaign, now=now)
