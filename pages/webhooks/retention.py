"""What Facebook told is forgotten after WEBHOOK_DAYS; what nobody has worked on yet is not."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from pages.models import WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState

# Rows that go in one transaction, and of each table in one sweep.
CHUNK = 1_000


def forget(*, now: datetime) -> int:
    """Deletes a chunk of each table; returns how many rows."""
    before = now - timedelta(days=settings.WEBHOOK_DAYS)
    posts = WebhookPost.objects.filter(received_at__lt=before).exclude(state=PostState.RECEIVED)
    events = WebhookEvent.objects.filter(received_at__lt=before).exclude(state=EventState.WAITING)
    return _delete(posts) + _delete(events)


def _delete(rows: QuerySet[Any]) -> int:
    pks = list(rows.order_by("received_at").values_list("pk", flat=True)[:CHUNK])
    return rows.filter(pk__in=pks).delete()[0] if pks else 0
