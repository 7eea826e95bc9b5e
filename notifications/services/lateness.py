"""Launching what was scheduled; and what becomes of a campaign whose time passed while nothing ran."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from notifications.models import Campaign
from notifications.services import campaigns
from notifications.states import CampaignState, Halt, LatePolicy
from pages import audit

logger = logging.getLogger(__name__)


def launch_scheduled(*, now: datetime) -> None:
    """Launches what is due. What can't be launched becomes a draft again that says why."""
    for campaign in Campaign.objects.due(now).select_related("page", "notification", "content", "launched_by"):
        if is_late(campaign, now=now) and campaign.if_late != LatePolicy.SEND:
            hold_back(campaign=campaign, now=now)
        else:
            _launch(campaign, now)


def is_late(campaign: Campaign, *, now: datetime) -> bool:
    late = timedelta(seconds=settings.LATE_SECONDS)
    return campaign.scheduled_for is not None and now - campaign.scheduled_for > late


def hold_back(*, campaign: Campaign, now: datetime) -> bool:
    """Cancels it, or lets it wait for a person, as its policy says. False: somebody was faster."""
    scheduled = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SCHEDULED, halt="")
    unchanged = scheduled.filter(scheduled_for=campaign.scheduled_for, if_late=campaign.if_late)
    detail = {"scheduled_for": campaign.scheduled_for.isoformat() if campaign.scheduled_for else ""}
    halt: dict[str, Any] = {"halt": Halt.LATE, "halt_detail": detail}
    with transaction.atomic():
        if campaign.if_late == LatePolicy.SKIP:
            held, action = unchanged.move(CampaignState.CANCELLED, finished_at=now, **halt), "campaign.cancelled"
        else:
            held, action = unchanged.update(**halt), "campaign.late"
        if held:
            audit.record(actor=None, action=action, subject=campaign, late=True, **detail)
        return bool(held)


def _launch(campaign: Campaign, now: datetime) -> None:
    try:
        campaigns.launch(campaign=campaign, actor=None, now=now)
    except campaigns.CannotLaunch as error:
        campaigns.refuse(campaign=campaign, problems=error.problems, now=now)
        logger.warning("Campaign %s was not launched at its time: %s", campaign.pk, error)
