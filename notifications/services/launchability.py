"""Whether a campaign can be launched, and what stands in the way."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from notifications import payloads
from notifications.launch_problems import LaunchProblem, of_content, problem
from notifications.models import Campaign, Content
from notifications.payloads.utility import Choice, parse_choice_json
from notifications.quiet_hours import quiet_until
from notifications.services import personalising
from notifications.services.contents import choice_of
from notifications.services.deliveries import page_problem
from notifications.services.fillability import unfillable
from notifications.states import AudienceKind, CampaignState
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from optins.states import Purpose


class CannotLaunch(Exception):
    """`problems` says, one by one, what stands in the way and what to do."""

    def __init__(self, problems: list[LaunchProblem]) -> None:
        self.problems = problems
        super().__init__(" ".join(str(found) for found in problems))


def audience(campaign: Campaign, *, now: datetime) -> OptInQuerySet:
    """The opt-ins that a launch at `now` would write to."""
    optins = OptIn.objects.active(now).filter(page_id=campaign.page_id).for_purpose(campaign.purpose)
    if campaign.audience_kind == AudienceKind.PREFIX:
        return optins.with_prefix(campaign.audience_prefix)
    return optins


def of_another_purpose(campaign: Campaign, *, now: datetime) -> int:
    """How many active opt-ins are left out only because they were given for something else."""
    anybody = OptIn.objects.active(now).filter(page_id=campaign.page_id)
    if campaign.audience_kind == AudienceKind.PREFIX:
        anybody = anybody.with_prefix(campaign.audience_prefix)
    return anybody.exclude(purpose__in={campaign.purpose, Purpose.MARKETING}).count()


def problems_of(campaign: Campaign, *, now: datetime) -> list[LaunchProblem]:
    """Why the campaign can't be launched at `now`; empty when it can."""
    found = page_problem(campaign.page)
    return [
        *([found] if found else []),
        *_of_content(campaign),
        *_of_audience(campaign, now),
        *_of_pace(campaign),
        *_of_time(campaign, now),
    ]


def problems_at(campaign: Campaign, *, at: datetime, now: datetime) -> list[LaunchProblem]:
    """Why the campaign can't be scheduled for `at`: what stands in the way today, and of the time itself."""
    problems = problems_of(campaign, now=now)
    if at <= now:
        problems.append(problem("time_passed"))
    if campaign.useful_until and campaign.useful_until <= at:
        problems.append(problem("useless_at_launch"))
    elif at > now and not _of_quiet_hours(campaign, now):
        problems += _of_quiet_hours(campaign, at)
    return problems


def frozen(campaign: Campaign) -> Content | None:
    """What was frozen when it was scheduled."""
    return campaign.content if campaign.state == CampaignState.SCHEDULED else None


def _of_content(campaign: Campaign) -> Iterator[LaunchProblem]:
    try:
        payloads.parse(body_of(campaign))
        choice_for(campaign)
    except payloads.PayloadError as error:
        for found in error.problems:
            yield of_content(campaign.notification.name, found)


def body_of(campaign: Campaign) -> dict[str, Any]:
    """What a launch would send."""
    content = frozen(campaign)
    return content.as_dict() if content else campaign.notification.body


def choice_for(campaign: Campaign) -> Choice | None:
    """What goes out instead once the window is closed. Raises PayloadError."""
    content = frozen(campaign)
    if content:
        return parse_choice_json(content.utility) if content.utility else None
    return choice_of(campaign.notification.utility)


def _of_audience(campaign: Campaign, now: datetime) -> Iterator[LaunchProblem]:
    if campaign.audience_kind == AudienceKind.PREFIX and not campaign.audience_prefix:
        yield problem("prefix_missing")
    elif not audience(campaign, now=now).exists():
        yield problem("audience_empty")
    else:
        yield from _of_placeholders(campaign, now)


def _of_placeholders(campaign: Campaign, now: datetime) -> Iterator[LaunchProblem]:
    template = personalising.template_of(body_of(campaign))
    if names := list(unfillable(template, audience(campaign, now=now))):
        yield problem("placeholder_unfillable", names=", ".join(f"{{{{ {name} }}}}" for name in names), first=names[0])


def _of_pace(campaign: Campaign) -> Iterator[LaunchProblem]:
    own, most = campaign.messages_per_second, campaign.page.messages_per_second
    if own and own > most:
        yield problem("faster_than_page", pace=own, most=most)


def _of_time(campaign: Campaign, now: datetime) -> Iterator[LaunchProblem]:
    if campaign.useful_until and campaign.useful_until <= now:
        yield problem("no_longer_useful")
    else:
        yield from _of_quiet_hours(campaign, now)


def _of_quiet_hours(campaign: Campaign, at: datetime) -> list[LaunchProblem]:
    site, useful_until = campaign.page.site, campaign.useful_until
    if not site or not useful_until or campaign.quiet_from is None or campaign.quiet_until is None:
        return []
    ends = quiet_until(at, zone=site.zone, start=campaign.quiet_from, end=campaign.quiet_until)
    return [problem("always_quiet")] if ends and ends >= useful_until else []
