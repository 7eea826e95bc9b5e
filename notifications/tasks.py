"""Celery's doors: ids in, one service call."""

from celery import shared_task
from django.utils import timezone

from notifications import hints
from notifications.services import campaigns, expansion, pumping
from notifications.services import sweep as sweeping
from notifications.services.callbacks import sending


@shared_task(name=hints.PUMP_PAGE)
def pump_page(page_pk: int, fence: int | None = None) -> None:
    pumping.pump_page(page_pk, fence=fence)


@shared_task(name=hints.EXPAND_CAMPAIGN)
def expand_campaign(campaign_pk: int) -> None:
    expansion.expand(campaign_pk)


@shared_task(name=hints.CLOSE_CAMPAIGN)
def close_campaign(campaign_pk: int) -> None:
    campaigns.cancel_rows(campaign_pk=campaign_pk, now=timezone.now())


@shared_task(name=hints.CALL_BACK)
def call_back(callback_pk: int) -> None:
    sending.call_back(callback_pk)


@shared_task(name="notifications.sweep")
def sweep() -> None:
    sweeping.sweep()


@shared_task(name="notifications.sweep_at_leisure")
def sweep_at_leisure() -> None:
    sweeping.sweep_at_leisure()
