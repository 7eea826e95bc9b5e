"""What waits for a person, counted to a ceiling: the counts are on every page, and the ledger has no ceiling."""

from typing import Any

from django.db.models import QuerySet

from notifications.models import Delivery
from notifications.states import DeliveryState
from pages.models import Incident, Thread, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState

CEILING = 99


def capped(rows: QuerySet[Any], ceiling: int = CEILING) -> str:
    """`12`, or `99+`; empty for none. Reads at most one row more than the ceiling."""
    count = rows.order_by()[: ceiling + 1].count()
    if count > ceiling:
        return f"{ceiling}+"
    return str(count) if count else ""


def in_doubt() -> str:
    """Served by the partial index delivery_in_doubt."""
    return capped(Delivery.objects.filter(state=DeliveryState.UNKNOWN))


def incidents() -> str:
    """Served by the partial index incident_open_once."""
    return capped(Incident.objects.filter(closed_at=None))


def failed_events() -> str:
    """Served by the partial index webhook_event_failed."""
    return capped(WebhookEvent.objects.filter(state=EventState.FAILED))


def unreadable_calls() -> str:
    """Served by the partial index webhook_post_unreadable."""
    return capped(WebhookPost.objects.filter(state=PostState.UNREADABLE))


def unread() -> str:
    """Served by the partial index thread_unread."""
    return capped(Thread.objects.filter(unread__gt=0))
