"""What the calls about campaigns share: finding them, drafts as they are asked for, moves and their refusals."""

import unicodedata
from datetime import datetime, time
from typing import Protocol

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from notifications.api.access import access_of
from notifications.api.agreements import by_token
from notifications.api.asking import fault, instant_of, wall_time_of
from notifications.api.campaign_shapes import Audience, NewCampaign, QuietHours
from notifications.api.campaign_words import problems_told
from notifications.api.envelope import ApiError, Fault
from notifications.launch_problems import problem
from notifications.models import Campaign, Notification
from notifications.querysets import CampaignQuerySet
from notifications.services.adjusting import Manner
from notifications.services.campaigns import CannotLaunch
from notifications.services.drafting import Draft
from notifications.states import CampaignState, LatePolicy
from optins.states import Purpose
from pages.models import Page


class Move(Protocol):
    """One of the services of a campaign's life. False: it could not be done any more."""

    def __call__(self, *, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool: ...


def rows_of(request: HttpRequest) -> CampaignQuerySet:
    """The campaigns of the pages that the token opens; of others nothing is told."""
    rows = Campaign.objects.filter(page_id__in=access_of(request).pages)
    return rows.select_related("page", "notification", "tally")


def campaign_of(request: HttpRequest, campaign_id: str) -> Campaign:
    """Raises ApiError 404."""
    may_be = campaign_id.isascii() and campaign_id.isdigit() and len(campaign_id) < 19
    found = rows_of(request).filter(pk=int(campaign_id)).first() if may_be else None
    if found is None:
        raise ApiError(404, _("There is no campaign %(id)s here.") % {"id": campaign_id})
    return found


def move(
    request: HttpRequest, campaign_id: str, perform: Move, origins: frozenset[CampaignState], *, now: datetime
) -> Campaign:
    """The campaign after the move. Raises ApiError 404, or 409 with the state it is in or what stands in the way."""
    campaign = campaign_of(request, campaign_id)
    check_state(campaign, origins)
    with by_token(request):
        try:
            done = perform(campaign=campaign, actor=None, now=now)
        except CannotLaunch as error:
            raise cannot_launch(error) from None
    after = campaign_of(request, campaign_id)
    if not done:
        raise not_now(after)
    return after


def check_state(campaign: Campaign, origins: frozenset[CampaignState]) -> None:
    if campaign.state not in origins:
        raise not_now(campaign)


def not_now(campaign: Campaign) -> ApiError:
    words = _("This can't be done now. The campaign is: %(state)s.") % {"state": campaign.get_state_display()}
    return fault(409, "state", campaign.state, words)


def cannot_launch(error: CannotLaunch) -> ApiError:
    return ApiError(409, str(error), faults=[Fault(**one) for one in problems_told(error.problems)])


def draft_of(request: HttpRequest, asked: NewCampaign) -> Draft:
    """Raises ApiError 404 for a page, 422 for anything else."""
    begin, until = _quiet_hours(asked.quiet_hours)
    return Draft(
        name=asked.name.strip(),
        notification=_notification(asked.notification),
        page=_page(request, asked.page_id),
        audience_prefix=_prefix(asked.audience),
        scheduled_for=instant_of(asked.scheduled_for, "scheduled_for"),
        useful_until=instant_of(asked.useful_until, "useful_until"),
        purpose=Purpose(asked.purpose),
        if_late=LatePolicy(asked.if_late),
        first_slice=asked.first_slice,
        manner=Manner(
            messages_per_second=asked.messages_per_second,
            quiet_from=begin,
            quiet_until=until,
            failure_ceiling=asked.failure_ceiling or None,
        ),
    )


def _page(request: HttpRequest, page_id: str) -> Page:
    """Another site's page and none at all are answered alike."""
    found = Page.objects.defer("token").filter(pk__in=access_of(request).pages, page_id=page_id).first()
    if found is None:
        words = _("There is no page %(id)s here that this token opens.") % {"id": page_id}
        raise fault(404, "page_id", "unknown_page", words)
    return found


def _notification(name: str) -> Notification:
    found = Notification.objects.filter(name=name).first()
    if found is None:
        words = _("There is no notification named “%(name)s”.") % {"name": name}
        raise fault(422, "notification", "unknown_notification", words)
    return found


def _prefix(audience: Audience) -> str:
    """Composed as customer_ids are stored. A prefix that says nothing must not mean everyone."""
    prefix = unicodedata.normalize("NFC", audience.prefix or "")
    if audience.kind == "prefix" and not prefix:
        raise fault(422, "audience.prefix", "prefix_missing", str(problem("prefix_missing")))
    if audience.kind == "all" and prefix:
        words = _("A prefix narrows the audience: give it with the kind prefix, or leave it out.")
        raise fault(422, "audience.prefix", "not_everyone", words)
    return prefix


def _quiet_hours(asked: QuietHours | None) -> tuple[time | None, time | None]:
    if asked is None:
        return None, None
    begin, until = wall_time_of(asked.begin, "quiet_hours.from"), wall_time_of(asked.until, "quiet_hours.until")
    if begin == until:
        words = _("Quiet hours that end when they begin are none: change one of the times, or leave both out.")
        raise fault(422, "quiet_hours.until", "no_hours", words)
    return begin, until
