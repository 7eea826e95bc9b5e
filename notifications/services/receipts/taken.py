"""When Facebook took each message, as far as anything tells."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Max

from notifications.models import Attempt, Delivery, Receipt
from notifications.states import AttemptOutcome


def taken_at(rows: Collection[Delivery]) -> dict[int, datetime]:
    """By id; read the package's docstring for whose clock it is. A delivery that nobody began to send has none."""
    echoed = _echoed(rows)
    began = _began([row.pk for row in rows if row.pk not in echoed])
    found = {row.pk: echoed.get(row.pk) or began.get(row.pk) or row.dispatch_started_at or row.sent_at for row in rows}
    return {pk: at for pk, at in found.items() if at is not None}


def _echoed(rows: Collection[Delivery]) -> Mapping[int, datetime | None]:
    """Of a message of two parts the last one counts: until its echo came, nothing is known by Facebook's clock."""
    whole = Receipt.objects.filter(delivery__in=[row.pk for row in rows], whole=True)
    return dict(whole.values_list("delivery_id", "seen_at"))


def _began(pks: Collection[int]) -> Mapping[int, datetime | None]:
    accepted = Attempt.objects.filter(delivery__in=pks, outcome=AttemptOutcome.ACCEPTED)
    return dict(accepted.order_by().values_list("delivery_id").annotate(Max("started_at"))) if pks else {}
