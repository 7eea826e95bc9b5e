"""The first slice of a campaign: the rows that may leave before a person has looked at what became of them.

It is the first `canary_size` rows in the order of the expansion, skipped ones apart. So it is the same whatever is
retried, sent again or still to be expanded, and reaches further only when one of its rows is skipped.
"""

from datetime import datetime

from django.db.models import Q

from notifications.models import Campaign, Delivery
from notifications.querysets import CampaignQuerySet
from notifications.states import MOVABLE, DeliveryState

# Campaigns of which only the first slice may leave yet.
TRYING = Q(canary_size__isnull=False, canary_passed_at=None)


def trying() -> CampaignQuerySet:
    return Campaign.objects.running().filter(TRYING)


def pages_with_due(now: datetime) -> list[int]:
    """The pages of running campaigns whose first slice has due rows."""
    awake = Campaign.objects.awake(now).filter(TRYING, tally__queued__gt=0)
    return [campaign.page_id for campaign in awake if due(campaign.pk, campaign.canary_size or 0, now, 1)]


def due(campaign_pk: int, size: int, now: datetime, most: int) -> list[int]:
    """The first `most` rows of the slice that are due."""
    waiting = [
        (due_at, pk)
        for pk, state, due_at in _rows(campaign_pk, size)
        if state == DeliveryState.QUEUED and due_at <= now
    ]
    return [pk for _due_at, pk in sorted(waiting)[:most]]


def is_over(campaign: Campaign) -> bool:
    """Whether the slice is complete and every row of it has come to its end."""
    rows = _rows(campaign.pk, campaign.canary_size or 0)
    return len(rows) == campaign.canary_size and not any(state in MOVABLE for _pk, state, _due_at in rows)


def _rows(campaign_pk: int, size: int) -> list[tuple[int, str, datetime]]:
    """Read whole: asked for the due ones alone, the database may look through all that waits behind the slice."""
    counted = Delivery.objects.filter(campaign_id=campaign_pk).exclude(state=DeliveryState.SKIPPED)
    return list(counted.order_by("optin_id").values_list("pk", "state", "due_at")[:size])
