"""Why a campaign does not move, or will not: everything that a person may have to mend or wait for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.admin import times
from notifications.admin.campaigns.progress import next_try, rests_until, tally_of
from notifications.models import Campaign, Heartbeat, Lease
from notifications.services import installation
from notifications.services.launchability import problems_of
from notifications.states import CampaignState
from pages.models import Incident
from pages.states import PageState

# The sweep signs every few seconds; this long without a sign means that nobody works.
WORKER_SILENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdup:
    """`way_out` is where it can be mended, if anywhere; the tone is `info` for what is as it was meant."""

    words: str
    tone: str = "doubt"
    way_out: str = ""
    way_out_label: str = ""


def holdups(campaign: Campaign, *, now: datetime) -> list[Holdup]:
    """In the order of what to look at first."""
    match campaign.state:
        case CampaignState.SCHEDULED:
            return [*_of_the_launch(campaign, now), *_of_the_worker(campaign, now)]
        case CampaignState.RUNNING:
            trouble = [
                *_of_the_copy(),
                *_of_the_page(campaign),
                *_of_the_worker(campaign, now),
                *_of_the_pace(campaign, now),
            ]
            return [*trouble, *_of_the_hour(campaign, now)]
        case CampaignState.PAUSED:
            return [*_of_the_copy(), *_of_the_page(campaign)]
        case _:
            return []


def _of_the_launch(campaign: Campaign, now: datetime) -> Iterator[Holdup]:
    for problem in problems_of(campaign, now=now):
        yield Holdup(words=_("As things stand it can't be launched: %(problem)s") % {"problem": problem})


def _of_the_copy() -> Iterator[Holdup]:
    """Of a scheduled one, the launch says it."""
    if not installation.is_armed():
        yield Holdup(
            words=_("Nothing leaves: this database was restored from a copy, and an administrator has to let it send."),
            way_out=reverse("admin:arm"),
            way_out_label=_("For administrators"),
        )


def _of_the_page(campaign: Campaign) -> Iterator[Holdup]:
    page = campaign.page
    mend = reverse("admin:pages_page_change", args=[page.pk])
    if page.state == PageState.ON_HOLD:
        incident = Incident.objects.filter(page=page, closed_at=None).first()
        why = incident.get_kind_display() if incident else page.get_state_display()
        words = _("Nothing leaves, because the page %(page)s is on hold: %(why)s.") % {"page": page.name, "why": why}
        if campaign.state == CampaignState.RUNNING:
            words = f"{words} {_('The campaign goes on by itself once that is mended.')}"
        yield Holdup(words=words, way_out=mend, way_out_label=_("Open the page"))
    if times.link_of(page) is None:
        yield Holdup(
            words=_("The page %(page)s belongs to no site: its messages wait until it is linked to one.")
            % {"page": page.name},
            way_out=mend,
            way_out_label=_("Open the page"),
        )


def _of_the_worker(campaign: Campaign, now: datetime) -> Iterator[Holdup]:
    beat = Heartbeat.objects.filter(pk="worker").first()
    if beat is None:
        yield Holdup(words=_("No worker has been seen: nothing leaves until one runs."))
    elif now - beat.seen_at > WORKER_SILENCE:
        since = times.said(beat.seen_at, times.zone_of(campaign.page))
        yield Holdup(
            words=_("No worker has been seen since %(since)s: nothing leaves until one runs.") % {"since": since}
        )


def _of_the_hour(campaign: Campaign, now: datetime) -> Iterator[Holdup]:
    if until := rests_until(campaign, now=now):
        shown = times.said_of_today(until, times.zone_of(campaign.page))
        yield Holdup(
            words=_("Its quiet hours: it rests until %(time)s, then goes on by itself.") % {"time": shown}, tone="info"
        )


def _of_the_pace(campaign: Campaign, now: datetime) -> Iterator[Holdup]:
    zone = times.zone_of(campaign.page)
    lease = Lease.objects.filter(pk=campaign.page_id).first()
    if lease and lease.rest_until and lease.rest_until > now:
        until = times.said(lease.rest_until, zone)
        yield Holdup(
            words=_("The gateway asked for a rest or could not be reached; it goes on %(until)s.") % {"until": until}
        )
    if (first := next_try(campaign, tally_of(campaign), now=now)) and not rests_until(campaign, now=now):
        yield Holdup(
            words=_("Everything left waits for its next try, the first %(when)s.") % {"when": times.said(first, zone)}
        )
