"""Skipping what became too old while it waited, wherever it waits: on a page on hold, in a paused campaign."""

from datetime import datetime

from django.db import transaction

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.states import DeliveryState

# Rows skipped in one transaction, and transactions in one sweep; the next goes on.
CHUNK = 500
MOST_CHUNKS = 20


def skip_too_old(now: datetime) -> int:
    """Returns how many. A row that its pump takes at this instant is the pump's, which looks at its age itself."""
    total = 0
    for _chunk in range(MOST_CHUNKS):
        with transaction.atomic():
            old = Delivery.objects.filter(state=DeliveryState.QUEUED, expires_at__lte=now).order_by("expires_at")
            ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:CHUNK])
            total += ledger.move_ids(
                ids, DeliveryState.SKIPPED, frm=DeliveryState.QUEUED, reason=Reason.TOO_OLD, ended_at=now
            )
        if len(ids) < CHUNK:
            break
    return total
