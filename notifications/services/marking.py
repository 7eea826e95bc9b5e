"""Marking a page's next rows, before any socket is opened for them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from notifications.models import Content, Delivery
from notifications.reasons import Reason
from notifications.services import choosing, lease, ledger
from notifications.states import DeliveryState
from optins.states import OptInState


class LeaseLost(Exception):
    """Another pump holds the page; this one must not send for it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A row that is ours to send. `body` is the frozen text; `number` counts its tries, this one included."""

    delivery_id: int
    customer_id: str
    body: str = field(repr=False)
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was marked, and whether more may be due: it was full, whatever of it was skipped."""

    rows: list[Marked]
    more: bool


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


def mark(*, held: lease.Held, now: datetime, most: int, **lease_changes: object) -> Batch:
    """Moves at most `most` due rows to dispatching under our fence; what may not be sent is skipped.

    Commits before it returns. Raises LeaseLost when a newer fence exists, having changed nothing.
    """
    with transaction.atomic():
        if not lease.renew(held, **lease_changes):
            raise LeaseLost
        if not choosing.may_send(held.page_pk):
            return Batch(rows=[], more=False)
        candidates = _candidates(choosing.due_ids(held.page_pk, now, most))
        obstacles = {row.pk: row.obstacle(now) for row in candidates}
        chosen = [row for row in candidates if obstacles[row.pk] is None]
        # Read here: a row that is marked must never lack what is to be sent.
        bodies = dict(Content.objects.filter(pk__in={row.content_id for row in chosen}).values_list("pk", "body"))
        _skip(candidates, obstacles, now)
        _dispatch(chosen, held.fence, now)
        _count(candidates, obstacles)
    return Batch(rows=[_marked(row, bodies[row.content_id]) for row in chosen], more=len(candidates) == most)


def _marked(row: _Candidate, body: str) -> Marked:
    return Marked(delivery_id=row.pk, customer_id=row.customer_id, body=body, number=row.attempts + 1)


def _candidates(ids: list[int]) -> list[_Candidate]:
    rows = {row[0]: _Candidate(*row) for row in Delivery.objects.filter(pk__in=ids).values_list(*FIELDS)}
    return [rows[pk] for pk in ids]


def _skip(candidates: list[_Candidate], obstacles: dict[int, Reason | None], now: datetime) -> None:
    for reason in set(obstacles.values()) - {None}:
        rows = Delivery.objects.filter(pk__in=[row.pk for row in candidates if obstacles[row.pk] is reason])
        rows.move(DeliveryState.SKIPPED, frm=DeliveryState.QUEUED, reason=reason, ended_at=now)


def _dispatch(chosen: list[_Candidate], fence: int, now: datetime) -> None:
    if chosen:
        Delivery.objects.filter(pk__in=[row.pk for row in chosen]).move(
            DeliveryState.DISPATCHING,
            frm=DeliveryState.QUEUED,
            fence=fence,
            dispatch_started_at=now,
            attempts=F("attempts") + 1,
            reason="",
            detail="",
        )


def _count(candidates: list[_Candidate], obstacles: dict[int, Reason | None]) -> None:
    """Every candidate moved: their rows are locked (or, on SQLite, the whole database is)."""
    changes: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for row in candidates:
        changes[row.campaign_id][DeliveryState.QUEUED] -= 1
        changes[row.campaign_id][DeliveryState.SKIPPED if obstacles[row.pk] else DeliveryState.DISPATCHING] += 1
    ledger.shift_all(changes)
