"""Deliveries follow the watermarks of their person, forwards only."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from notifications.models import Delivery, Receipt
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.services.receipts.people import deliveries_of
from notifications.services.receipts.settling import parts_of
from notifications.services.receipts.taken import taken_at
from notifications.states import DeliveryState
from pages.events import Delivered, WasRead
from pages.models import Page, Thread

D = DeliveryState
# From where a receipt may move a row; and the column that keeps when.
FROM = {D.DELIVERED: (D.SENT, D.UNKNOWN), D.READ: (D.SENT, D.DELIVERED)}
_SETTLED: dict[str, Any] = {
    "reason": Reason.SETTLED_BY_FACEBOOK,
    "detail": "",
    "sent_at": F("dispatch_started_at"),
}
TOLD = {D.DELIVERED: "delivered_at", D.READ: "read_at"}


def follow(*, page: Page, thread: Thread | None, event: Delivered | WasRead) -> int:
    """Moves what the receipt covers; returns how many. Call it in a transaction that has written the thread.

    Rows that are being sent are locked as well: what their pump is recording at this instant is waited for, and what it
    records later finds the thread's watermark (catching_up.py).
    """
    to = D.READ if isinstance(event, WasRead) else D.DELIVERED
    mids = event.mids if isinstance(event, Delivered) else ()
    rows = deliveries_of(page=page, psid=event.psid, thread=thread).filter(state__in=[*FROM[to], D.DISPATCHING])
    locked = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    return move({row: event.at for row in _covered(locked, event.watermark, mids) if row.state in FROM[to]}, to)


def reach(rows: Collection[Delivery], threads: Mapping[int, Thread]) -> None:
    """Moves locked rows that are sent as far as the watermarks of their threads, by row, have come."""
    taken = taken_at(rows)
    left = [row for row in rows if row.pk in taken and row.pk in threads]
    for to, mark in ((D.READ, "read_to"), (D.DELIVERED, "delivered_to")):
        marks = {row: getattr(threads[row.pk], mark) for row in left if row.state in FROM[to]}
        covered = {row: at for row, at in marks.items() if at is not None and taken[row.pk] <= at}
        move(covered, to)
        left = [row for row in left if row not in covered]


def _covered(rows: Collection[Delivery], watermark: datetime, mids: Collection[str]) -> Iterator[Delivery]:
    """Ids decide where they are given; a doubt is settled by its id alone, since a watermark tells nothing of it."""
    taken = taken_at(rows)
    for row in rows:
        named = bool(row.provider_message_id) and row.provider_message_id in mids
        if row.state == D.UNKNOWN:
            # Of several parts the id is that of an earlier one.
            if named and parts_of(row) == 1:
                yield row
        elif named or (row.pk in taken and taken[row.pk] <= watermark):
            yield row


def move(told: Mapping[Delivery, datetime], to: DeliveryState) -> int:
    """Moves locked rows, whatever campaigns they are of, and writes down when Facebook said so."""
    by_state: dict[str, list[int]] = {}
    for row in told:
        by_state.setdefault(row.state, []).append(row.pk)
    moved = 0
    with transaction.atomic():
        _write_down(told, TOLD[to])
        for frm, pks in by_state.items():
            moved += ledger.move_ids(pks, to, frm=frm, **(_SETTLED if frm == D.UNKNOWN else {}))
    return moved


def _write_down(told: Mapping[Delivery, datetime], column: str) -> None:
    if told:
        rows = [Receipt(delivery_id=row.pk, **{column: at}) for row, at in told.items()]
        Receipt.objects.bulk_create(rows, update_conflicts=True, unique_fields=["delivery"], update_fields=[column])
