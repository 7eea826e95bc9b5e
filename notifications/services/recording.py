"""Writing down what became of marked rows: their new state, the try, and the campaign's tally, in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services import bulk, ledger, sql, using_up
from notifications.services.callbacks import telling
from notifications.services.receipts.catching_up import catch_up
from notifications.states import LEFT, DeliveryState

D = DeliveryState
# What a result leaves behind that somebody outside is told of.
_TOLD = frozenset(D) - {D.QUEUED, D.DISPATCHING}
# Of what was refused in the end a part may have gone out.
_MAY_USE_UP = LEFT | {D.FAILED}


class Result(NamedTuple):
    """One try and where its row goes. Times are in seconds since 1970; `answer` is masked and cut already.

    A part of a message with more to follow keeps its row in `dispatching`; `parts_sent` is then one more.
    """

    delivery_id: int
    new_state: str
    reason: str
    detail: str
    message_id: str
    due_at: float | None
    sent_at: float | None
    ended_at: float | None
    number: int
    started_at: float
    milliseconds: int
    outcome: str
    status_code: int | None
    bytes_sent: int
    answer: str
    part: int = 0
    parts_sent: int = 0
    part_message_id: str = ""


COLUMNS = {
    "delivery_id": bulk.INTEGER,
    "new_state": bulk.TEXT,
    "reason": bulk.TEXT,
    "detail": bulk.TEXT,
    "message_id": bulk.TEXT,
    "due_at": bulk.SECONDS,
    "sent_at": bulk.SECONDS,
    "ended_at": bulk.SECONDS,
    "number": bulk.INTEGER,
    "started_at": bulk.SECONDS,
    "milliseconds": bulk.INTEGER,
    "outcome": bulk.TEXT,
    "status_code": bulk.INTEGER,
    "bytes_sent": bulk.INTEGER,
    "answer": bulk.TEXT,
    "part": bulk.INTEGER,
    "parts_sent": bulk.INTEGER,
    "part_message_id": bulk.TEXT,
}

# The move out of `dispatching`: only while the row still carries our fence.
_MOVE = """
UPDATE notifications_delivery
SET state = {new_state}, reason = r.reason, detail = r.detail,
    provider_message_id = COALESCE(NULLIF(r.message_id, ''), notifications_delivery.provider_message_id),
    due_at = COALESCE({due_at}, notifications_delivery.due_at), sent_at = {sent_at}, ended_at = {ended_at},
    parts_sent = r.parts_sent
FROM {table} AS r
WHERE notifications_delivery.id = r.delivery_id AND notifications_delivery.state = %(frm)s
    AND notifications_delivery.fence = %(fence)s {only}
RETURNING id, campaign_id, state, page_id
"""

_TRY = """
INSERT INTO notifications_attempt
    (delivery_id, number, fence, part, started_at, milliseconds, outcome, reason, status_code, bytes_sent, answer,
     message_id)
SELECT r.delivery_id, r.number, %(fence)s, r.part, {started_at}, r.milliseconds, r.outcome, r.reason, r.status_code,
       r.bytes_sent, r.answer, r.part_message_id
FROM {table} AS r WHERE true
ON CONFLICT DO NOTHING
"""


def record(results: Sequence[Result], *, fence: int) -> frozenset[int]:
    """Writes all of them, or none. Returns which messages with more parts to follow are still ours to go on with.

    A row that a newer fence has meanwhile declared unknown keeps that state, unless this result says that it was
    sent: then the doubt is over. So it is where more parts were to follow, which certainly did not leave: they wait
    for their turn. The try is written down either way.
    """
    if not results:
        return frozenset()
    places = {name: sql.from_epoch(f"r.{name}") for name in ("due_at", "sent_at", "ended_at", "started_at")}
    places["table"], rows = bulk.table(COLUMNS, results, parameter="rows")
    values = {"rows": rows, "fence": fence}
    with transaction.atomic():
        sql.run(_TRY.format(**places), values)
        found = sql.run(_MOVE.format(**places, new_state="r.new_state", only=""), values | {"frm": D.DISPATCHING})
        moved = [(D.DISPATCHING, *row) for row in found]
        if len(moved) < len(results):
            moved += [(D.UNKNOWN, *row) for row in _late(places, values, D.SENT, D.SENT)]
            moved += [(D.UNKNOWN, *row) for row in _late(places, values, D.DISPATCHING, D.QUEUED)]
        _count(moved)
        using_up.use_up([pk for _frm, pk, _campaign, state, _page_pk in moved if state in _MAY_USE_UP])
        telling.deliveries_moved([(pk, page_pk) for _frm, pk, _campaign, state, page_pk in moved if state in _TOLD])
        catch_up([(pk, page_pk) for _frm, pk, _campaign, state, page_pk in moved if state != D.DISPATCHING])
    return frozenset(pk for _frm, pk, _campaign, state, _page_pk in moved if state == D.DISPATCHING)


def _late(places: Mapping[str, str], values: Mapping[str, Any], said: D, to: D) -> list[tuple[Any, ...]]:
    """Rows in doubt of which a result says that they are `said` go on to `to`."""
    only = f"AND r.new_state = '{said.value}'"
    return sql.run(_MOVE.format(**places, new_state=f"'{to.value}'", only=only), {**values, "frm": D.UNKNOWN})


def _count(moved: Sequence[tuple[DeliveryState, int, int | None, str, int]]) -> None:
    changes: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for frm, _pk, campaign_id, state, _page_pk in moved:
        changes[campaign_id][frm] -= 1
        changes[campaign_id][state] += 1
    ledger.shift_all(changes)


def put_back(ids: Sequence[int], *, fence: int, tried: bool = False) -> None:
    """Queues again rows that were marked but for which no socket was opened; that was no try.

    `tried`: a socket was opened for an earlier part, and none for this one.
    """
    if ids:
        ours = Delivery.objects.filter(fence=fence)
        changes = {} if tried else {"attempts": F("attempts") - 1}
        ledger.move_ids(ids, D.QUEUED, frm=D.DISPATCHING, within=ours, **changes)


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
    if not ids:
        return 0
    with transaction.atomic():
        lost = {"reason": Reason.SENDER_LOST, "ended_at": now}
        moved = ledger.move_ids(ids, D.UNKNOWN, frm=D.DISPATCHING, within=left, **lost)
        catch_up([(pk, page_pk) for pk in ids])
    return moved
