"""The end of an agreement: taken back by a person, or its time was over."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.signals import optin_ended
from optins.states import OptInState
from pages import audit


def revoke(
    *,
    optin: OptIn,
    actor: AbstractBaseUser | None,
    now: datetime,
    evidence: Mapping[str, object] | None = None,
) -> bool:
    """Ends the agreement at once; what is queued for it is skipped. False: it was revoked already."""
    with transaction.atomic():
        if not OptIn.objects.filter(pk=optin.pk).move(OptInState.REVOKED, ended_at=now):
            return False
        _write_down(optin, ConsentKind.REVOKED, now, actor=actor, evidence=evidence or {})
        if actor or audit.is_by_token():
            audit.record(actor=actor, action="optin.revoked", subject=optin)
        return True


def expire_due(*, now: datetime, limit: int = 500) -> int:
    """Ends the agreements whose time is over, at most `limit` of them; returns how many."""
    over = OptIn.objects.filter(state=OptInState.ACTIVE, expires_at__lte=now).order_by("expires_at")
    return sum(_expire(optin, now) for optin in over[:limit])


def use_up(*, optin: OptIn, now: datetime, evidence: Mapping[str, object]) -> bool:
    """Ends an agreement that was for one message, which was sent. False: it was over already."""
    with transaction.atomic():
        if not OptIn.objects.filter(pk=optin.pk, used_up=True).move(OptInState.EXPIRED, ended_at=now):
            return False
        _write_down(optin, ConsentKind.USED_UP, now, actor=None, evidence=evidence)
        return True


def _expire(optin: OptIn, now: datetime) -> bool:
    with transaction.atomic():
        if not OptIn.objects.filter(pk=optin.pk, expires_at__lte=now).move(OptInState.EXPIRED, ended_at=now):
            return False
        _write_down(optin, ConsentKind.EXPIRED, now, actor=None, evidence={})
        return True


def _write_down(
    optin: OptIn, kind: ConsentKind, now: datetime, *, actor: AbstractBaseUser | None, evidence: Mapping[str, object]
) -> None:
    ConsentEvent.objects.create(
        optin=optin, kind=kind, at=now, actor_id=actor.pk if actor else None, evidence=dict(evidence)
    )
    optin_ended.send(sender=OptIn, optin=optin, now=now)
