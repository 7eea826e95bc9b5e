"""The admin's first page: what needs this person now, what is under way, and what today came to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from messenger_admin.admin import needs, numbers
from messenger_admin.admin.progress import Progress, progress_of
from notifications.admin import times
from notifications.models import Campaign, Notification
from notifications.states import CampaignState
from pages.models import Page, Site

UNDER_WAY = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.SCHEDULED)
ENDED = (CampaignState.FINISHED, CampaignState.CANCELLED)
SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the first steps. `url` is empty for somebody who may not take it."""

    title: str
    text: str | Promise
    url: str
    done: bool


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    steps = first_steps(request)
    return context | {
        "nothing_allowed": not context["available_apps"],
        "may_find_customers": request.user.has_perm("notifications.view_delivery"),
        "needs": needs.needs(request, now=now),
        "steps": [] if all(step.done for step in steps) else steps,
        "numbers": numbers.today(request, now=now),
        "under_way": campaigns(request, UNDER_WAY),
        "ended": campaigns(request, ENDED),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A campaign's line. `launches` is said on the clock of the page's site."""

    campaign: Campaign
    progress: Progress
    launches: str


def campaigns(request: HttpRequest, states: tuple[CampaignState, ...]) -> list[Shown]:
    if not request.user.has_perm("notifications.view_campaign"):
        return []
    newest = (
        Campaign.objects.filter(state__in=states).select_related("tally", "page").defer("page__token").order_by("-id")
    )
    return [_shown(campaign) for campaign in times.with_zones(newest[:SHOWN])]


def _shown(campaign: Campaign) -> Shown:
    at = campaign.scheduled_for
    launches = times.said_to_the_minute(at, times.zone_of(campaign.page)) if at else ""
    return Shown(campaign=campaign, progress=progress_of(campaign), launches=launches)


def first_steps(request: HttpRequest) -> list[Step]:
    """From an empty installation to its first campaign; each person sees the whole way, and links where they may go."""
    return [
        _step(request, "pages.site", Site.objects.exists(), _("Add a site"), _("The shop, by its SID.")),
        _step(
            request,
            "pages.page",
            Page.objects.linked().exists(),
            _("Link its Facebook page"),
            _("The page that will write, and the token that lets it."),
        ),
        _step(
            request,
            "notifications.notification",
            Notification.objects.exists(),
            _("Compose a notification"),
            _("A text, an image, a carousel or a receipt."),
        ),
        _step(
            request,
            "notifications.campaign",
            Campaign.objects.exists(),
            _("Launch a campaign"),
            _("A notification, an audience and a time."),
        ),
    ]


def _step(request: HttpRequest, model: str, done: bool, title: str, text: str) -> Step:  # noqa: FBT001  (a table's column)
    app, name = model.split(".")
    allowed = request.user.has_perm(f"{app}.add_{name}")
    return Step(title=title, text=text, done=done, url=reverse(f"admin:{app}_{name}_add") if allowed else "")
