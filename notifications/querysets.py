"""Questions about campaigns and the ledger."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from notifications.states import CAMPAIGN_MOVES, DELIVERY_MOVES, CampaignState, DeliveryState
from pages.append_only import AppendOnlyQuerySet
from pages.moves import MovingQuerySet

if TYPE_CHECKING:
    from notifications.models import Attempt, Campaign, Delivery


class CampaignQuerySet(MovingQuerySet["Campaign"]):
    moves = CAMPAIGN_MOVES

    def running(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.RUNNING)

    def due(self, now: datetime) -> "CampaignQuerySet":
        """Scheduled campaigns whose time has come."""
        return self.filter(state=CampaignState.SCHEDULED, scheduled_for__lte=now)


class DeliveryQuerySet(MovingQuerySet["Delivery"]):
    moves = DELIVERY_MOVES

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Queued rows whose time has come, on whatever page; a paused campaign's rows are not due."""
        running = Q(campaign=None) | Q(campaign__state=CampaignState.RUNNING)
        return self.filter(running, state=DeliveryState.QUEUED, due_at__lte=now)

    def for_customer(self, customer_id: str) -> "DeliveryQuerySet":
        return self.filter(optin__customer_id=customer_id)


class AttemptQuerySet(AppendOnlyQuerySet["Attempt"]):
    pass
