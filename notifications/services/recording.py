"""Writing down what became of marked rows: their new state, the try, and the campaign's tally, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services import bulk, ledger
from notifications.services.callbacks import telling
from notifications.states import DeliveryState

D = DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One try and where its row goes. Times are aware; `answer` is masked and cut already."""

    delivery_id: int
    new_state: DeliveryState
    reason: str
    detail: str
    message_id: str
    due_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None
    number: int
    started_at: datetime
    milliseconds: int
    outcome: str
    status_code: int | None
    bytes_sent: int
    answer: str


COLUMNS = {
    "delivery_id": bulk.INTEGER,
    "new_state": bulk.TEXT,
    "reason": bulk.TEXT,
    "detail": bulk.TEXT,
    "message_id": bulk.TEXT,
    "due_at": bulk.TIME,
    "sent_at": bulk.TIME,
    "ended_at": bulk.TIME,
    "number": bulk.INTEGER,
    "started_at": bulk.TIME,
    "milliseconds": bulk.INTEGER,
    "outcome": bulk.TEXT,
    "status_code": bulk.INTEGER,
    "bytes_sent": bulk.INTEGER,
    "answer": bulk.TEXT,
}

# The move out of `dispatching`: only while the row still carries our fence.
_MOVE = """
UPDATE notifications_delivery
SET state = r.new_state, reason = r.reason, detail = r.detail, provider_message_id = r.message_id,
    due_at = COALESCE(r.due_at, notifications_delivery.due_at), sent_at = r.sent_at, ended_at = r.ended_at
FROM {table} AS r
WHERE notifications_delivery.id = r.delivery_id AND notifications_delivery.state = %s
    AND notifications_delivery.fence = %s {only}
RETURNING id, campaign_id, state, page_id
"""

_TRY = """
INSERT INTO notifications_attempt
    (delivery_id, number, fence, started_at, milliseconds, outcome, reason, status_code, bytes_sent, answer)
SELECT r.delivery_id, r.number, %s, r.started_at, r.milliseconds, r.outcome, r.reason, r.status_code, r.bytes_sent,
       r.answer
FROM {table} AS r WHERE true
ON CONFLICT DO NOTHING
"""


def record(results: Sequence[Result], *, fence: int) -> None:
    """Writes all of them, or none.

    A row that a newer fence has meanwhile declared unknown keeps that state, unless this result says that it was
    sent: then the doubt is over. The try is written down either way.
    """
    if not results:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        table, values = bulk.table(COLUMNS, results)
        cursor.execute(_TRY.format(table=table), [fence, values])
        cursor.execute(_MOVE.format(table=table, only=""), [values, D.DISPATCHING, fence])
        moved = [(D.DISPATCHING, *row) for row in cursor.fetchall()]
        if len(moved) < len(results):
            late = _MOVE.format(table=table, only=f"AND r.new_state = '{D.SENT.value}'")
            cursor.execute(late, [values, D.UNKNOWN, fence])
            moved += [(D.UNKNOWN, *row) for row in cursor.fetchall()]
        _count(moved)
        telling.deliveries_moved([(pk, page_pk) for _frm, pk, _campaign, state, page_pk in moved if state != D.QUEUED])


def _count(moved: Sequence[tuple[DeliveryState, int, int | None, str, int]]) -> None:
    changes: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for frm, _pk, campaign_id, state, _page_pk in moved:
        changes[campaign_id][frm] -= 1
        changes[campaign_id][state] += 1
    ledger.shift_all(changes)


def put_back(ids: Sequence[int], *, fence: int) -> None:
    """Queues again rows that were marked but for which no socket was opened; that was no try."""
    if ids:
        ours = Delivery.objects.filter(fence=fence)
        ledger.move_ids(ids, D.QUEUED, frm=D.DISPATCHING, within=ours, attempts=F("attempts") - 1)


def put_back_unsent(*, page_pk: int, fence: int) -> None:
    """The same for all that a pump still has marked once it recorded every answer: nobody asked the wire to send it.

    A database that goes away while rows are marked may have marked them all the same.
    """
    unsent = Delivery.objects.filter(page_id=page_pk, state=D.DISPATCHING, fence=fence)
    put_back(list(unsent.values_list("pk", flat=True)), fence=fence)


def declare_unknown(*, page_pk: int, before_fence: int, now: datetime) -> int:
    """What a pump with an older fence left marked may have gone out: nobody can tell any more."""
    left = Delivery.objects.filter(page_id=page_pk, state=D.DISPATCHING, fence__lt=before_fence)
    ids = list(left.values_list("pk", flat=True))
    return ledger.move_ids(ids, D.UNKNOWN, frm=D.DISPATCHING, reason=Reason.SENDER_LOST, ended_at=now, within=left)
