"""Questions about campaigns and the ledger."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from notifications.signals import campaign_moved, deliveries_moved, deliveries_moving
from notifications.states import CAMPAIGN_MOVES, DELIVERY_MOVES, CampaignState
from pages.append_only import AppendOnlyQuerySet
from pages.moves import MovingQuerySet

if TYPE_CHECKING:
    from notifications.models import Attempt, CallbackCall, Campaign, Delivery


class CampaignQuerySet(MovingQuerySet["Campaign"]):
    moves = CAMPAIGN_MOVES

    def move(self, to: str, *, frm: str | None = None, **changes: Any) -> int:
        """Announces each campaign that moved, in the same transaction."""
        with transaction.atomic():
            before = list(self.about_to_move(to, frm).values_list("pk", "state"))
            moved = super(CampaignQuerySet, self.filter(pk__in=[pk for pk, _state in before])).move(
                to, frm=frm, **changes
            )
            for pk, state in before:
                campaign_moved.send(sender=self.model, pk=pk, frm=state, to=to)
            return moved

    def running(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.RUNNING)

    def awake(self, now: datetime) -> "CampaignQuerySet":
        """Running campaigns, but those that were found in their quiet hours."""
        return self.running().filter(Q(rests_until=None) | Q(rests_until__lte=now))

    def due(self, now: datetime) -> "CampaignQuerySet":
        """Scheduled campaigns whose time has come, but those that wait for a person since they were late."""
        return self.filter(state=CampaignState.SCHEDULED, scheduled_for__lte=now, halt="")


class DeliveryQuerySet(MovingQuerySet["Delivery"]):
    moves = DELIVERY_MOVES

    def move(self, to: str, *, frm: str | None = None, **changes: Any) -> int:
        """Announces the rows that moved, in the same transaction, where somebody is told of them."""
        if not any(told for _receiver, told in deliveries_moving.send(sender=self.model, to=to)):
            return super().move(to, frm=frm, **changes)
        with transaction.atomic():
            before = list(self.about_to_move(to, frm).values_list("pk", "page_id"))
            moved = super(DeliveryQuerySet, self.filter(pk__in=[pk for pk, _page in before])).move(
                to, frm=frm, **changes
            )
            deliveries_moved.send(sender=self.model, moved=before)
            return moved

    def for_customer(self, customer_id: str) -> "DeliveryQuerySet":
        return self.filter(optin__customer_id=customer_id)


class AttemptQuerySet(AppendOnlyQuerySet["Attempt"]):
    pass


class CallbackCallQuerySet(AppendOnlyQuerySet["CallbackCall"]):
    pass
