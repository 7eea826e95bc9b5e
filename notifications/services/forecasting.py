"""What a launch would come to: how many would be written to, from when until when, and what stands in the way."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone

from notifications import estimates
from notifications.launch_problems import LaunchProblem
from notifications.models import Campaign
from notifications.services import personalising
from notifications.services.fillability import Shortage, shortage
from notifications.services.launchability import audience, body_of, of_another_purpose, problems_at, problems_of
from notifications.services.reach import Reach, reach_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`seconds` of sending, quiet hours left out; `done_at` None is further away than anybody plans.

    `too_late` are those whose turn would come after the message is useful; `lacking` those it can't be filled for.
    `left_out` agreed to be written to for something else only.
    `reach` is how Facebook would take it, of a page that is linked through it.
    """

    count: int
    messages_per_second: int
    seconds: float
    starts_at: datetime
    done_at: datetime | None
    too_late: int
    lacking: Shortage | None
    problems: list[LaunchProblem]
    reach: Reach | None = None
    left_out: int = 0


def rate_of(campaign: Campaign) -> int:
    """Messages a second at most: its own pace where it has one, never above the page's."""
    own = campaign.messages_per_second
    return min(own, campaign.page.messages_per_second) if own else campaign.page.messages_per_second


def quiet_hours_of(campaign: Campaign, zone: tzinfo) -> estimates.QuietHours | None:
    begin, end = campaign.quiet_from, campaign.quiet_until
    if begin is None or end is None or begin == end:
        return None
    return estimates.QuietHours(zone=zone, begin=begin, end=end)


def forecast(*, campaign: Campaign, now: datetime) -> Forecast:
    """Of a campaign that was not launched: at its time, or now where it has none or that has passed."""
    people, at, site = audience(campaign, now=now), campaign.scheduled_for, campaign.page.site
    quiet = quiet_hours_of(campaign, site.zone if site else timezone.get_default_timezone())
    start, count, rate = at if at and at > now else now, people.count(), rate_of(campaign)
    return Forecast(
        count=count,
        messages_per_second=rate,
        seconds=count / rate,
        starts_at=estimates.starts_at(start, quiet),
        done_at=estimates.done_at(start, count / rate, quiet),
        too_late=_too_late(campaign, count, start, quiet),
        lacking=shortage(personalising.template_of(body_of(campaign)), people),
        reach=reach_of(campaign=campaign, audience=people, count=count, at=start),
        problems=problems_at(campaign, at=at, now=now) if at else problems_of(campaign, now=now),
        left_out=of_another_purpose(campaign, now=now),
    )


def _too_late(campaign: Campaign, count: int, start: datetime, quiet: estimates.QuietHours | None) -> int:
    if campaign.useful_until is None:
        return 0
    room = estimates.seconds_until(start, campaign.useful_until, quiet) * rate_of(campaign)
    return max(0, count - int(room))
