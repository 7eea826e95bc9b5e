"""Finds by itself what a lost hint or a dead worker left undone. Idempotent; several may run at once."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime

from django.db import Error, connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from notifications import hints
from notifications.models import Campaign, Delivery, Heartbeat, Lease
from notifications.services import arming, campaigns, expansion, installation, lateness, slices, watching
from notifications.services.ageing import skip_too_old
from notifications.services.callbacks import sweeping as callbacks
from notifications.services.doubt_policy import apply_policies
from notifications.services.retention import enforcing
from notifications.states import CampaignState, DeliveryState
from optins.services import expire_due
from optins.services.tidying import tidy
from pages import sweeping
from pages.models import Page
from pages.services.incidents import release_readable
from pages.states import PageState

# How long one sweep may hold deliveries back for a person who lets a restored copy send again, in seconds.
ARMING_SECONDS = 5.0

Part = Callable[[datetime], object]


def sweep() -> None:
    """Every part has its turn, whatever became of the one before; what they raised is raised at the end."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": now})
    if not installation.beat(now=now):
        # Of a restored copy nothing is judged: it does not know what was sent since it was made.
        arming.go_on(now=now, seconds=ARMING_SECONDS)
        return
    _take_turns(PARTS, now)


def sweep_at_leisure() -> None:
    """What nobody waits for; in an installation that judges."""
    now = timezone.now()
    if installation.stands(now=now):
        _take_turns(AT_LEISURE, now)


def _take_turns(parts: Sequence[Part], now: datetime) -> None:
    with ExitStack() as turns:
        for part in reversed(parts):
            turns.callback(_take_turn, part, now)


def _take_turn(part: Part, now: datetime) -> None:
    try:
        part(now)
    except Error:
        # So that the next part has a connection that works.
        connection.close_if_unusable_or_obsolete()
        raise


def release_pages(now: datetime) -> None:
    release_readable(now=now)


def end_agreements(now: datetime) -> None:
    expire_due(now=now)


def tidy_agreements(now: datetime) -> None:
    tidy(now=now)


def launch(now: datetime) -> None:
    lateness.launch_scheduled(now=now)


def go_on_expanding(_now: datetime) -> None:
    for campaign_pk in unexpanded().values_list("pk", flat=True):
        hints.kick_expansion(campaign_pk)


def go_on_closing(_now: datetime) -> None:
    for campaign_pk in unclosed().values_list("pk", flat=True):
        hints.kick_closing(campaign_pk)


def kick_pages(now: datetime) -> None:
    for page_pk in pages_with_work(now).values_list("pk", flat=True):
        hints.kick_page(page_pk)


def finish(now: datetime) -> None:
    campaigns.finish_done(now=now)
    watching.pause_after_first_slices(now=now)


def call_back(now: datetime) -> None:
    callbacks.sweep(now=now)


def reopen(_now: datetime) -> None:
    """Campaigns that ended although rows of them can still move run again."""
    moving = Q(tally__queued__gt=0) | Q(tally__dispatching__gt=0)
    for campaign in Campaign.objects.filter(moving, state=CampaignState.FINISHED).only("pk"):
        campaigns.reopen(campaign=campaign)


def enforce_retention(now: datetime) -> None:
    enforcing.enforce_due(now=now)


def kick_webhooks(now: datetime) -> None:
    """What Facebook told and nobody was hinted to; the pages' own sweep comes by more seldom."""
    sweeping.kick_webhooks(now)


PARTS: Sequence[Part] = (
    kick_pages,
    kick_webhooks,
    go_on_expanding,
    launch,
    go_on_closing,
    reopen,
    finish,
    release_pages,
    end_agreements,
    skip_too_old,
    apply_policies,
    call_back,
)
# Each costs though there is nothing to do.
AT_LEISURE: Sequence[Part] = (
    tidy_agreements,
    enforce_retention,
)


def unexpanded() -> QuerySet[Campaign]:
    """Paused ones too: their rows are made while they wait."""
    return Campaign.objects.filter(state__in=expansion.GOING, expanded_at=None)


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
