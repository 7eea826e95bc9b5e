"""A person decides what became of a delivery in doubt; who did, and when, is kept."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from notifications import hints
from notifications.models import Campaign, Delivery
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.states import CampaignState, DeliveryState
from pages import audit


def treat_as_sent(*, delivery: Delivery, actor: AbstractBaseUser, now: datetime) -> bool:
    """It is taken to have gone out. False: it was no longer in doubt."""
    return _resolve(delivery, actor, DeliveryState.SENT, reason=Reason.TREATED_AS_SENT, sent_at=now, ended_at=now)


def send_again(*, delivery: Delivery, actor: AbstractBaseUser, now: datetime) -> bool:
    """It is sent again, and may arrive twice. False: it was no longer in doubt.

    A campaign that was finished or paused goes on for it; a cancelled one does not, so its row stays in doubt.
    """
    if (
        delivery.campaign_id
        and Campaign.objects.filter(pk=delivery.campaign_id, state=CampaignState.CANCELLED).exists()
    ):
        return False
    with transaction.atomic():
        resolved = _resolve(
            delivery, actor, DeliveryState.QUEUED, reason=Reason.SENT_AGAIN, due_at=now, ended_at=None, expires_at=None
        )
        if resolved and delivery.campaign_id:
            finished = Campaign.objects.filter(pk=delivery.campaign_id)
            finished.move(CampaignState.RUNNING, frm=CampaignState.FINISHED, finished_at=None)
        hints.kick_page(delivery.page_id)
        return resolved


def _resolve(
    delivery: Delivery, actor: AbstractBaseUser, state: DeliveryState, *, reason: Reason, **changes: object
) -> bool:
    with transaction.atomic():
        moved = ledger.move(
            Delivery.objects.filter(pk=delivery.pk),
            state,
            frm=DeliveryState.UNKNOWN,
            campaign_id=delivery.campaign_id,
            reason=reason,
            **changes,
        )
        if moved:
            audit.record(actor=actor, action=f"delivery.{reason.value}", subject=delivery)
        return bool(moved)
