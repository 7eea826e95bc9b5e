"""Agreements that ended so long ago that nobody has to prove them any more: proof, id and attributes go.

Whoever had said STOP stays known by a keyed hash, so that no import and no system writes to that person again. An
opt-in that something was sent to stays as a row that names nobody: the ledger counts what was sent by it.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from optins.models import ConsentEvent, ConsentKind, OptIn, Suppression
from optins.querysets import OptInQuerySet
from optins.services import suppressing
from optins.services.erasing import NOBODY
from optins.states import OptInState
from pages.retention.kind import Step, Turn, pointed_at

# Fewer than elsewhere: each has rows in many tables.
CHUNK = 250
# One after the other: the index optin_by_state gives each in the order of its keys.
ENDED = (OptInState.REVOKED, OptInState.EXPIRED)


def due(before: datetime) -> QuerySet[OptIn]:
    return OptIn.objects.filter(state__in=ENDED, ended_at__lt=before)


def end(turn: Turn) -> Step:
    """Looks through a chunk of what has ended. `after` is the state and the last key that were looked at."""
    state, _colon, last = (turn.after or f"{ENDED[0]}:0").partition(":")
    rows = OptIn.objects.filter(state=state, pk__gt=int(last)).order_by("pk")
    seen = list(rows.values_list("pk", "ended_at")[:CHUNK])
    removed = _forget([pk for pk, at in seen if at and at < turn.before], OptInState(state), turn)
    if len(seen) == CHUNK:
        return Step(removed=removed, after=f"{state}:{seen[-1][0]}")
    is_last = state == ENDED[-1]
    return Step(removed=removed, after=None if is_last else f"{ENDED[-1]}:0")


def _forget(pks: Collection[int], state: OptInState, turn: Turn) -> int:
    if not pks:
        return 0
    with transaction.atomic():
        # Locked, and asked once more: who agrees anew at this instant does so before, and stays, or after.
        still = OptIn.objects.filter(pk__in=pks, state=state, ended_at__lt=turn.before)
        held = list(still.select_for_update(of=("self",)).select_related("page").defer("page__token").order_by("pk"))
        mine = OptIn.objects.filter(pk__in=[optin.pk for optin in held])
        if state == OptInState.REVOKED:
            _keep_away(held, turn.now)
        ConsentEvent.objects.filter(optin__in=[optin.pk for optin in held]).delete()
        _name_nobody(mine.filter(pointed_at(OptIn, but=(ConsentEvent,))))
        mine.exclude(state=OptInState.ERASED).delete()
    return len(held)


def _keep_away(optins: Iterable[OptIn], now: datetime) -> None:
    digests = [(optin.page, suppressing.digest(optin.page, optin.customer_id)) for optin in optins]
    Suppression.objects.bulk_create(
        [Suppression(page=page, digest=digest, at=now) for page, digest in digests], ignore_conflicts=True
    )


def _name_nobody(rows: OptInQuerySet) -> None:
    """By the moves there are: what expired is over for good first."""
    pks = list(rows.values_list("pk", flat=True))
    mine = OptIn.objects.filter(pk__in=pks)
    mine.filter(state=OptInState.EXPIRED).move(OptInState.REVOKED)
    nobody = Concat(Value(f"{NOBODY}{secrets.token_hex(12)}-"), Cast("pk", CharField()))
    mine.move(OptInState.ERASED, customer_id=nobody, recipient=None, attributes={}, expires_at=None)


def claims_due(before: datetime) -> QuerySet[ConsentEvent]:
    return ConsentEvent.objects.filter(kind=ConsentKind.CONFLICT, at__lt=before)


def end_claims(turn: Turn) -> Step:
    """In the order of their keys, which is that of their times: the index consent_conflicts serves it."""
    oldest = ConsentEvent.objects.filter(kind=ConsentKind.CONFLICT).order_by("pk").values_list("pk", "at")[:CHUNK]
    pks = [pk for pk, at in oldest if at < turn.before]
    ConsentEvent.objects.filter(pk__in=pks).delete()
    return Step(removed=len(pks), after="" if len(pks) == CHUNK else None)
