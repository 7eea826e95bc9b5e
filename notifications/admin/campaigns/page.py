"""Everything the campaign's page shows, in one context."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from notifications.admin import badges, halts, instead, times
from notifications.admin.campaigns import acts, manner, progress
from notifications.admin.campaigns.consequences import audience_kind_words
from notifications.admin.campaigns.form import PURPOSES
from notifications.admin.campaigns.holdups import holdups
from notifications.admin.campaigns.troubles import troubles
from notifications.admin.deliveries.doubts import DECISIONS, RESOLVE
from notifications.admin.deliveries.story import WITHOUT_RECEIPTS, unreported_words
from notifications.admin.numbers import grouped
from notifications.models import Campaign, Tally
from notifications.services.adjusting import ADJUSTABLE
from notifications.states import CampaignState, DeliveryState, Halt, LatePolicy

RECEIPTS = frozenset({DeliveryState.DELIVERED, DeliveryState.READ})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One state of the tally, leading to its deliveries."""

    state: str
    label: str
    tone: str
    count: str
    some: bool
    url: str


def context(
    campaign: Campaign, request: HttpRequest, *, now: datetime, adjusting: manner.MannerForm | None = None
) -> dict[str, Any]:
    """`adjusting` is the form that was sent with mistakes, to be shown again."""
    tally = progress.tally_of(campaign)
    may_act = request.user.has_perm("notifications.launch_campaign")
    return {
        "campaign": campaign,
        "badge": badges.of_campaign(campaign),
        "standing": standing(campaign),
        "standstill": halts.standstill(campaign),
        "progress": progress.as_json(campaign, now=now, sample=None),
        "tally": list(rows(campaign, tally)),
        "unreported": unreported_words(campaign.page),
        "holdups": holdups(campaign, now=now),
        "troubles": troubles(campaign, tally),
        "facts": list(facts(campaign)),
        "manner": list(manner.facts(campaign)),
        "adjusting": _adjusting(campaign, adjusting) if may_act else None,
        "decisions": list(DECISIONS.values()) if tally.unknown and request.user.has_perm(RESOLVE) else [],
        "acts": acts.offered(campaign) if may_act else [],
        "body": campaign.content.body if campaign.content else campaign.notification.body,
        "instead": instead.of_campaign(campaign),
        "history_url": progress.history_url(campaign),
    }


def _adjusting(campaign: Campaign, sent: manner.MannerForm | None) -> manner.MannerForm | None:
    return sent or (manner.MannerForm(instance=campaign) if campaign.state in ADJUSTABLE else None)


def rows(campaign: Campaign, tally: Tally) -> Iterator[Row]:
    unreported = campaign.page.gateway in WITHOUT_RECEIPTS
    for state, count in tally.by_state().items():
        if unreported and state in RECEIPTS and not count:
            continue
        yield Row(
            state=state.value,
            label=str(state.label),
            tone=progress.TONES[state],
            count=grouped(count),
            some=count > 0,
            url=progress.history_url(campaign, state.value),
        )


def standing(campaign: Campaign) -> str:
    """Where the campaign stands, and what that means."""
    zone = times.zone_of(campaign.page)
    planned = times.said_to_the_minute(campaign.scheduled_for, zone) if campaign.scheduled_for else "–"
    launched = times.said(campaign.launched_at, zone) if campaign.launched_at else "–"
    ended = times.said(campaign.finished_at, zone) if campaign.finished_at else "–"
    match CampaignState(campaign.state):
        case CampaignState.DRAFT:
            return _("A draft: nothing is sent before it is launched or scheduled.")
        case CampaignState.SCHEDULED:
            if campaign.halt == Halt.LATE:
                return _("It waits for a person: nothing is sent before somebody decides.")
            return _("It starts by itself on %(when)s.") % {"when": planned}
        case CampaignState.RUNNING:
            return _("It has been going out since %(when)s.") % {"when": launched}
        case CampaignState.PAUSED:
            return _("It is paused: what waits stays where it is until somebody resumes it.")
        case CampaignState.FINISHED:
            return _("It ended on %(when)s; no message of it can move by itself any more.") % {"when": ended}
        case CampaignState.CANCELLED:
            return _("It was cancelled: what had not left never will.")


def facts(campaign: Campaign) -> Iterator[tuple[str, str]]:
    zone = times.zone_of(campaign.page)
    yield _("Page"), campaign.page.name
    yield _("Notification"), campaign.notification.name
    yield _("Purpose"), str(dict(PURPOSES)[campaign.purpose])
    yield _("Audience"), audience_kind_words(campaign)
    if campaign.scheduled_for:
        yield _("Scheduled for"), times.said_to_the_minute(campaign.scheduled_for, zone)
        yield _("If its time was missed"), str(LatePolicy(campaign.if_late).label)
    if campaign.useful_until:
        yield _("Useful until"), times.said_to_the_minute(campaign.useful_until, zone)
    if campaign.launched_at:
        yield _("Launched"), times.said(campaign.launched_at, zone)
    if campaign.launched_by:
        yield _("Launched by") if campaign.launched_at else _("Scheduled by"), str(campaign.launched_by)
    if campaign.finished_at:
        yield _("Ended"), times.said(campaign.finished_at, zone)
