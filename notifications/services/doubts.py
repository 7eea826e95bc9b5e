"""A person decides what became of a delivery in doubt; who did, and when, is kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

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
    """It is sent again, and may arrive twice; useful anew for as long as any single message. False: it was no longer
    in doubt, or its campaign was cancelled.

    A finished campaign runs again for it; in a paused one it waits until that is resumed.
    """
    with transaction.atomic():
        resolved = _resolve(
            delivery,
            actor,
            DeliveryState.QUEUED,
            reason=Reason.SENT_AGAIN,
            due_at=now,
            ended_at=None,
            expires_at=now + timedelta(seconds=settings.MESSAGE_LIFE),
        )
        campaign = Campaign.objects.filter(Q(pk=delivery.campaign_id))
        # Looked at after the row has moved: whoever cancels the campaign from now on finds the row queued.
        if not resolved or campaign.filter(state=CampaignState.CANCELLED).exists():
            transaction.set_rollback(True)
            return False
        campaign.move(CampaignState.RUNNING, frm=CampaignState.FINISHED, finished_at=None)
        hints.kick_page(delivery.page_id)
        return True


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
