"""Marking a page's next rows, before any socket is opened for them."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications.gateway.meta.parts import Parcel
from notifications.models import Campaign, Delivery
from notifications.services import addressing, choosing, contents, lease, ledger, personalising, sql, watching
from notifications.services.addressing import Addresses
from notifications.services.due import Candidate
from notifications.services.personalising import Wording
from notifications.services.ways_out import Direct
from notifications.states import DeliveryState


class LeaseLost(Exception):
    """Another pump holds the page; this one must not send for it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A row that is ours to send. `body` is the frozen text, filled where it has placeholders.

    `number` counts its tries, this one included.

    Its campaign's own pace, where there is one, lets it start `delay` seconds after it was marked at the soonest, and
    `spacing` seconds after the one before.

    `parcel` is what goes out of it through Facebook, where one message may take several calls.
    """

    delivery_id: int
    campaign_id: int | None
    customer_id: str
    body: str = field(repr=False)
    number: int
    delay: float = 0.0
    spacing: float = 0.0
    parcel: Parcel | None = None

    @property
    def begun(self) -> bool:
        """Whether a part of it went out since it was marked."""
        return self.parcel is not None and self.parcel.begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was marked, and whether more may be due: it was full, whatever of it was skipped.

    `wait` is when a campaign that keeps a pace of its own may have more, in seconds; None: none does.
    """

    rows: list[Marked]
    more: bool
    wait: float | None = None


# By hand, since it goes with every batch.
_DISPATCH = """
UPDATE notifications_delivery
SET state = %(dispatching)s, fence = %(fence)s, dispatch_started_at = {now}, attempts = attempts + 1, reason = '',
    detail = ''
WHERE id {among} AND state = %(queued)s
"""


def mark(
    *,
    held: lease.Held,
    now: datetime,
    most: int,
    ahead: float = 0.0,
    direct: Direct | None = None,
    **lease_changes: object,
) -> Batch:
    """Moves at most `most` due rows to dispatching under our fence; what may not be sent is skipped, and what can't be
    filled for its customer fails.

    None of them will leave within `ahead` seconds. `direct` is what there is to know of a page that is linked directly:
    there it is also looked at whether Facebook takes the message now, and by what right.

    Commits before it returns. Raises LeaseLost when a newer fence exists, having changed nothing.
    """
    with transaction.atomic():
        if not lease.renew(held, **lease_changes):
            raise LeaseLost
        if not choosing.may_send(held.page_pk):
            return Batch(rows=[], more=False)
        choice = choosing.choose(held.page_pk, now, most, ahead=ahead, through_facebook=direct is not None)
        candidates, addresses = choice.rows, Addresses()
        if direct:
            candidates, addresses = addressing.look(candidates, page_pk=held.page_pk, direct=direct, now=now)
        candidates = _one_of_each(candidates)
        chosen = [row for row in candidates if not row.obstacle]
        # Read here: a row that is marked must never lack what is to be sent.
        bodies = contents.bodies({row.content_id for row in chosen})
        texts = addressing.texts(chosen, bodies, addresses)
        wordings = personalising.word(texts, choices=addresses.choices())
        unfit = {pk: wording for pk, wording in wordings.items() if wording.reason}
        chosen = [row for row in chosen if row.pk not in unfit]
        words = {row.pk: wordings[row.pk].body if row.pk in wordings else texts[row.pk] for row in chosen}
        parcels = addressing.parcels(chosen, words=words, addresses=addresses, direct=direct) if direct else {}
        _skip(candidates, now)
        personalising.fail(unfit, now)
        _dispatch(chosen, wordings, held.fence, now)
        addressing.write(parcels)
        delays = _keep_own_paces(chosen, choice, now)
        _count(candidates, unfit)
    failed = Counter(row.campaign_id for row in candidates if row.campaign_id and row.pk in unfit)
    watching.look({pk: watching.Results(failed=n, ended=n) for pk, n in failed.items()}, now=now)
    rows = [_marked(row, words[row.pk], parcels.get(row.pk), *delays.get(row.pk, ())) for row in chosen]
    return Batch(rows=rows, more=len(choice.rows) == most, wait=choice.wait())


def _one_of_each(candidates: list[Candidate]) -> list[Candidate]:
    """Of several to an agreement to one message the first alone: the others wait until it is known whether it left.

    Of the page's batches one is marked at a time, since each takes the row of the lease first; due.py leaves out what
    waits for an earlier one.
    """
    kept, taken = [], set[int]()
    for row in candidates:
        if row.sole and not row.obstacle:
            if row.sole in taken:
                continue
            taken.add(row.sole)
        kept.append(row)
    return kept


def _marked(row: Candidate, body: str, parcel: Parcel | None, delay: float = 0.0, spacing: float = 0.0) -> Marked:
    return Marked(
        delivery_id=row.pk,
        campaign_id=row.campaign_id,
        customer_id=row.customer_id,
        body=body,
        number=row.attempts + 1,
        delay=delay,
        spacing=spacing,
        parcel=parcel,
    )


def _keep_own_paces(chosen: list[Candidate], choice: choosing.Choice, now: datetime) -> dict[int, tuple[float, float]]:
    """Delay and spacing of each row of a campaign with a pace of its own, handed over in this transaction."""
    paces, delays = choice.paces(), {}
    for row in chosen:
        if pace := paces.get(row.campaign_id or 0):
            delays[row.pk] = (pace.take(0.0), 1 / (pace.per_second or 1))
    for campaign_pk in sorted({row.campaign_id or 0 for row in chosen} & paces.keys()):
        handed_over = now + timedelta(seconds=paces[campaign_pk].next_at)
        Campaign.objects.filter(pk=campaign_pk).update(next_send_at=handed_over)
    return delays


def _skip(candidates: list[Candidate], now: datetime) -> None:
    for to, reason in {(_end(row), row.obstacle) for row in candidates if row.obstacle}:
        pks = [row.pk for row in candidates if row.obstacle == reason and _end(row) is to]
        Delivery.objects.filter(pk__in=pks).move(to, frm=DeliveryState.QUEUED, reason=reason, ended_at=now)


def _end(row: Candidate) -> DeliveryState:
    """Of a row with an obstacle. What went out in part can't be said not to have been sent."""
    begun = row.person is not None and row.person.parts_sent > 0
    return DeliveryState.FAILED if begun else DeliveryState.SKIPPED


def _dispatch(chosen: list[Candidate], wordings: Mapping[int, Wording], fence: int, now: datetime) -> None:
    """What is put into a message for the first time is written with the move."""
    new = {row.pk: wordings[row.pk] for row in chosen if row.pk in wordings and wordings[row.pk].is_new}
    if new:
        Delivery.objects.filter(pk__in=list(new)).move(
            DeliveryState.DISPATCHING,
            frm=DeliveryState.QUEUED,
            fence=fence,
            dispatch_started_at=now,
            attempts=F("attempts") + 1,
            reason="",
            detail="",
            personal=personalising.put_in(new),
        )
    if len(new) < len(chosen):
        values = {"queued": DeliveryState.QUEUED, "dispatching": DeliveryState.DISPATCHING, "fence": fence, "now": now}
        statement = _DISPATCH.format(now=sql.time("now"), among=sql.among("ids"))
        sql.run(statement, values | {"ids": sql.ids(row.pk for row in chosen if row.pk not in new)})


def _count(candidates: list[Candidate], unfit: Container[int]) -> None:
    """Every candidate moved: their rows are locked (or, on SQLite, the whole database is)."""
    changes: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for row in candidates:
        changes[row.campaign_id][DeliveryState.QUEUED] -= 1
        went = DeliveryState.FAILED if row.pk in unfit else DeliveryState.DISPATCHING
        changes[row.campaign_id][_end(row) if row.obstacle else went] += 1
    ledger.shift_all(changes)
