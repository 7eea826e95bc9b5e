"""Finds by itself what a lost hint or a dead worker left undone. Idempotent; several may run at once."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from notifications import hints
from notifications.models import Campaign, Delivery, Heartbeat, Lease
from notifications.services import campaigns, lateness, slices, watching
from notifications.states import CampaignState, DeliveryState
from optins.services import expire_due
from pages.models import Page
from pages.states import PageState


def sweep() -> None:
    now = timezone.now()
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": now})
    expire_due(now=now)
    lateness.launch_scheduled(now=now)
    for campaign_pk in unexpanded().values_list("pk", flat=True):
        hints.kick_expansion(campaign_pk)
    for campaign_pk in unclosed().values_list("pk", flat=True):
        hints.kick_closing(campaign_pk)
    for page_pk in pages_with_work(now).values_list("pk", flat=True):
        hints.kick_page(page_pk)
    campaigns.finish_done(now=now)
    watching.pause_after_first_slices(now=now)


def unexpanded() -> QuerySet[Campaign]:
    return Campaign.objects.running().filter(expanded_at=None)


def unclosed() -> QuerySet[Campaign]:
    """Cancelled campaigns that still have queued rows."""
    return Campaign.objects.filter(state=CampaignState.CANCELLED, tally__queued__gt=0)


def pages_with_work(now: datetime) -> QuerySet[Page]:
    """Pages without a live pump that have due rows and may send, or rows that a dead pump left marked."""
    of_page = Delivery.objects.filter(page_id=OuterRef("pk"))
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__lte=now)
    # Of a campaign that is tried out first, the rows of its first slice alone count.
    running = Campaign.objects.awake(now).filter(page_id=OuterRef("pk")).exclude(slices.TRYING)
    of_campaign = due.filter(page_id=OuterRef("page_id"), campaign_id=OuterRef("pk"))
    may_send = Q(state=PageState.ACTIVE, links__closed_at=None, links__isnull=False) & ~Exists(
        Lease.objects.filter(pk=OuterRef("pk"), rest_until__gt=now)
    )
    has_due = (
        Exists(due.filter(page_id=OuterRef("pk"), campaign=None))
        | Exists(running.filter(Exists(of_campaign)))
        | Q(pk__in=slices.pages_with_due(now))
    )
    left_marked = Exists(of_page.filter(state=DeliveryState.DISPATCHING))
    pumped = Exists(Lease.objects.filter(pk=OuterRef("pk"), expires_at__gt=Now()))
    return Page.objects.filter((may_send & has_due) | left_marked).exclude(pumped).distinct()
