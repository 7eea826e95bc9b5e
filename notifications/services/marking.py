"""Choosing a page's next rows and marking them, before any socket is opened for them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import F, QuerySet

from notifications.models import Campaign, Content, Delivery
from notifications.reasons import Reason
from notifications.services import lease, ledger
from notifications.states import DeliveryState
from optins.states import OptInState
from pages.models import Page
from pages.states import PageState


class LeaseLost(Exception):
    """Another pump holds the page; this one must not send for it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A row that is ours to send. `number` counts its tries, this one included."""

    delivery_id: int
    campaign_id: int | None
    content_id: int
    customer_id: str
    number: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    pk: int
    campaign_id: int | None
    content_id: int
    expires_at: datetime | None
    attempts: int
    customer_id: str
    optin_state: str
    optin_expires_at: datetime | None

    def obstacle(self, now: datetime) -> Reason | None:
        """Why it may not be sent at `now`, if it may not."""
        if self.optin_state == OptInState.REVOKED:
            return Reason.OPTED_OUT
        if self.optin_state == OptInState.EXPIRED or (self.optin_expires_at and self.optin_expires_at <= now):
            return Reason.OPT_IN_EXPIRED
        if self.expires_at and self.expires_at <= now:
            return Reason.TOO_OLD
        return None


FIELDS = (
    "pk",
    "campaign_id",
    "content_id",
    "expires_at",
    "attempts",
    "optin__customer_id",
    "optin__state",
    "optin__expires_at",
)


def may_send(page_pk: int) -> bool:
    """Whether the page is linked to a site and not on hold."""
    return Page.objects.linked().filter(pk=page_pk, state=PageState.ACTIVE).exists()


def mark(*, held: lease.Held, now: datetime, most: int, **lease_changes: object) -> list[Marked]:
    """Moves at most `most` due rows to dispatching under our fence; what may not be sent is skipped.

    Commits before it returns. Raises LeaseLost when a newer fence exists, having changed nothing.
    """
    with transaction.atomic():
        if not lease.renew(held, **lease_changes):
            raise LeaseLost
        if not may_send(held.page_pk):
            return []
        candidates = _candidates(_due_ids(held.page_pk, now, most))
        obstacles = {row.pk: row.obstacle(now) for row in candidates}
        _skip(candidates, obstacles, now)
        chosen = [row for row in candidates if obstacles[row.pk] is None]
        _dispatch(chosen, held.fence, now)
    return [
        Marked(
            delivery_id=row.pk,
            campaign_id=row.campaign_id,
            content_id=row.content_id,
            customer_id=row.customer_id,
            number=row.attempts + 1,
        )
        for row in chosen
    ]


def has_due(page_pk: int, now: datetime) -> bool:
    """Whether the page has a row that may be marked at `now`, as far as campaign and time go."""
    return any(rows.exists() for rows, _share in _sources(page_pk, now, 1))


def _due_ids(page_pk: int, now: datetime, most: int) -> list[int]:
    """Transactional rows first; what room is left is shared evenly among the page's running campaigns."""
    ids: list[int] = []
    for rows, share in _sources(page_pk, now, most):
        room = min(share, most - len(ids))
        ids += rows.order_by("due_at", "pk").select_for_update(skip_locked=True).values_list("pk", flat=True)[:room]
    return ids


def _sources(page_pk: int, now: datetime, most: int) -> Iterator[tuple[QuerySet[Delivery], int]]:
    queued = Delivery.objects.filter(page_id=page_pk, state=DeliveryState.QUEUED, due_at__lte=now)
    yield queued.filter(campaign=None), most
    running = list(Campaign.objects.running().filter(page_id=page_pk, tally__queued__gt=0).values_list("pk", flat=True))
    for campaign_id in running:
        yield queued.filter(campaign_id=campaign_id), -(-most // len(running))


def _candidates(ids: list[int]) -> list[_Candidate]:
    rows = {row[0]: _Candidate(*row) for row in Delivery.objects.filter(pk__in=ids).values_list(*FIELDS)}
    return [rows[pk] for pk in ids]


def _skip(candidates: list[_Candidate], obstacles: dict[int, Reason | None], now: datetime) -> None:
    groups = {(row.campaign_id, obstacles[row.pk]) for row in candidates if obstacles[row.pk]}
    for campaign_id, reason in sorted(groups, key=str):
        ids = [row.pk for row in candidates if (row.campaign_id, obstacles[row.pk]) == (campaign_id, reason)]
        ledger.move(
            Delivery.objects.filter(pk__in=ids),
            DeliveryState.SKIPPED,
            frm=DeliveryState.QUEUED,
            campaign_id=campaign_id,
            reason=reason,
            ended_at=now,
        )


def _dispatch(chosen: list[_Candidate], fence: int, now: datetime) -> None:
    """One update for all: the rows are locked (or, on SQLite, the whole database is), so each of them moves."""
    if not chosen:
        return
    Delivery.objects.filter(pk__in=[row.pk for row in chosen]).move(
        DeliveryState.DISPATCHING,
        frm=DeliveryState.QUEUED,
        fence=fence,
        dispatch_started_at=now,
        attempts=F("attempts") + 1,
        reason="",
        detail="",
    )
    for campaign_id, count in Counter(row.campaign_id for row in chosen).items():
        ledger.shift(campaign_id, {DeliveryState.QUEUED: -count, DeliveryState.DISPATCHING: count})


@lru_cache(maxsize=64)
def body_of(content_id: int) -> str:
    """The frozen text; contents never change, and a campaign of a million has one."""
    return Content.objects.values_list("body", flat=True).get(pk=content_id)
