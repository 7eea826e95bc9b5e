"""What becomes of deliveries in doubt: a person decides, or the page's stated policy where nobody did in time.

Who decided is kept: a person with each delivery in the audit log, the policy in the delivery's reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from notifications import hints
from notifications.gateway.meta.rules import DAY
from notifications.models import Campaign, Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.states import CampaignState, DeliveryState
from optins.models import OptIn
from pages import audit
from pages.states import GatewayKind

# Rows decided in one transaction.
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where a row goes, with what is written into it; `reason` says who decided."""

    reason: Reason
    state: DeliveryState
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """How many were decided, and how many of the same rows stay in doubt because they must not be sent again."""

    done: int
    left: int


class _Cancelled(Exception):
    """Campaigns were cancelled while rows of them were being queued again; `args` are their ids."""


def taken_as_sent(reason: Reason, now: datetime) -> Decision:
    return Decision(reason=reason, state=DeliveryState.SENT, changes={"sent_at": now, "ended_at": now})


def queued_again(reason: Reason, now: datetime, **changes: object) -> Decision:
    return Decision(reason=reason, state=DeliveryState.QUEUED, changes={"due_at": now, "ended_at": None, **changes})


def _of_a_person(reason: Reason, now: datetime) -> Decision:
    """What a person sends again is useful anew for as long as any single message."""
    if reason is Reason.TREATED_AS_SENT:
        return taken_as_sent(reason, now)
    return queued_again(reason, now, expires_at=now + timedelta(seconds=settings.MESSAGE_LIFE))


def treat_as_sent(*, delivery: Delivery, actor: AbstractBaseUser, now: datetime) -> bool:
    """It is taken to have gone out. False: it was no longer in doubt."""
    rows = Delivery.objects.filter(pk=delivery.pk)
    return bool(resolve(rows=rows, reason=Reason.TREATED_AS_SENT, actor=actor, now=now).done)


def send_again(*, delivery: Delivery, actor: AbstractBaseUser, now: datetime) -> bool:
    """It is sent again, and may arrive twice. False: it was no longer in doubt, its campaign was cancelled, or the
    customer's agreement has ended.

    A finished campaign runs again for it; in a paused one it waits until that is resumed.
    """
    rows = Delivery.objects.filter(pk=delivery.pk)
    return bool(resolve(rows=rows, reason=Reason.SENT_AGAIN, actor=actor, now=now).done)


def resolve(*, rows: DeliveryQuerySet, reason: Reason, actor: AbstractBaseUser, now: datetime) -> Resolved:
    """Decides those of `rows` that are in doubt, as TREATED_AS_SENT or SENT_AGAIN, a chunk to a transaction.

    What ends it half-way leaves whole chunks decided, and asking again goes on. `rows` that are no longer in doubt
    are in neither figure.
    """
    decided = in_chunks(rows=rows, decision=_of_a_person(reason, now), actor=actor, now=now)
    done = sum(len(ids) for ids in decided)
    return Resolved(done=done, left=rows.filter(state=DeliveryState.UNKNOWN).count())


def in_chunks(
    *, rows: DeliveryQuerySet, decision: Decision, actor: AbstractBaseUser | None, now: datetime, oldest: bool = False
) -> Iterator[list[int]]:
    """Decides chunk by chunk; yields the ids of each that is committed.

    Forwards by id, so that PostgreSQL does not read its way through what earlier chunks left behind; or `oldest` doubt
    first, which the index for the pages' policies serves.
    """
    last = 0
    while True:
        rest = rows.order_by("ended_at") if oldest else rows.filter(pk__gt=last).order_by("pk")
        try:
            ids = _chunk(rest, decision, actor, now)
        except _Cancelled as cancelled:
            # Nothing of the chunk was changed.
            rows = rows.exclude(campaign__in=cancelled.args)
            continue
        if not ids:
            return
        last = ids[-1]
        yield ids


def _chunk(rows: DeliveryQuerySet, decision: Decision, actor: AbstractBaseUser | None, now: datetime) -> list[int]:
    again = decision.state is DeliveryState.QUEUED
    with transaction.atomic():
        # A person's decision waits for whoever has hold of a row; the policy comes back in the next sweep.
        ids = _locked(_may_be_sent(rows, now) if again else rows, skip_locked=actor is None)
        ledger.move_ids(ids, decision.state, frm=DeliveryState.UNKNOWN, reason=decision.reason, **decision.changes)
        if again:
            _go_on(ids)
        if actor:
            _write_down(ids, decision.reason, actor)
        return ids


def _locked(rows: DeliveryQuerySet, *, skip_locked: bool) -> list[int]:
    doubtful = rows.filter(state=DeliveryState.UNKNOWN).select_for_update(
        of=("self",), no_key=True, skip_locked=skip_locked
    )
    return list(doubtful.values_list("pk", flat=True)[:CHUNK])


def _may_be_sent(rows: DeliveryQuerySet, now: datetime) -> DeliveryQuerySet:
    """Nothing of a cancelled campaign, and nothing to whoever took the agreement back or can't be written to any more:
    it could only be skipped, and would then say that it never left.
    """
    agreed = Exists(OptIn.objects.active(now).filter(pk=OuterRef("optin")))
    allowed = rows.filter(Q(optin=None) | agreed).exclude(campaign__state=CampaignState.CANCELLED)
    return allowed.filter(~_closed(now))


def _closed(now: datetime) -> Q:
    """Through Facebook: blocked, or too long ago, with nothing that could go out instead."""
    over = Q(thread__acted_at__lt=now - DAY, content__utility="", page__human_agent=False)
    return Q(page__gateway=GatewayKind.META, thread__isnull=False) & (Q(thread__blocked_at__isnull=False) | over)


def _go_on(ids: Sequence[int]) -> None:
    """Lets the pages and campaigns of rows that were queued again go on.

    Looked at after the rows have moved: whoever cancels a campaign from now on finds them queued.
    """
    rows = Delivery.objects.filter(pk__in=ids)
    of = set(rows.exclude(campaign=None).values_list("campaign_id", flat=True))
    campaigns = Campaign.objects.filter(Q(pk__in=of))
    if cancelled := campaigns.filter(state=CampaignState.CANCELLED).values_list("pk", flat=True):
        raise _Cancelled(*cancelled)
    for pk in sorted(campaigns.filter(state=CampaignState.FINISHED).values_list("pk", flat=True)):
        Campaign.objects.filter(pk=pk).move(CampaignState.RUNNING, frm=CampaignState.FINISHED, finished_at=None)
    for page_pk in set(rows.values_list("page_id", flat=True)):
        hints.kick_page(page_pk)


def _write_down(ids: Sequence[int], reason: Reason, actor: AbstractBaseUser) -> None:
    """One entry for each delivery, as if each had been decided by itself."""
    audit.record_all(actor=actor, action=f"delivery.{reason.value}", model=Delivery, pks=ids)
