"""Questions about campaigns and the ledger."""

from datetime import datetime
from typing import TYPE_CHECKING

from notifications.states import CAMPAIGN_MOVES, DELIVERY_MOVES, CampaignState
from pages.append_only import AppendOnlyQuerySet
from pages.moves import MovingQuerySet

if TYPE_CHECKING:
    from notifications.models import Attempt, Campaign, Delivery


class CampaignQuerySet(MovingQuerySet["Campaign"]):
    moves = CAMPAIGN_MOVES

    def running(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.RUNNING)

    def due(self, now: datetime) -> "CampaignQuerySet":
        """Scheduled campaigns whose time has come, but those that wait for a person since they were late."""
        return self.filter(state=CampaignState.SCHEDULED, scheduled_for__lte=now, halt="")


class DeliveryQuerySet(MovingQuerySet["Delivery"]):
    moves = DELIVERY_MOVES

    def for_customer(self, customer_id: str) -> "DeliveryQuerySet":
        return self.filter(optin__customer_id=customer_id)


class AttemptQuerySet(AppendOnlyQuerySet["Attempt"]):
    pass
