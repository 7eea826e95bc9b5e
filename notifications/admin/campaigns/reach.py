"""How many a campaign can reach through Facebook, in sentences: the window, the template, and nobody."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin.numbers import grouped
from notifications.models import Campaign
from notifications.reasons import Reason
from notifications.services.launchability import audience
from notifications.services.reach import Reach, reach_of


def reach_at(campaign: Campaign, count: int, *, start: datetime, now: datetime) -> Reach | None:
    """Of a launch at `start`; None of what was launched, and of a page that goes through iAdvize."""
    if campaign.launched_at or not count:
        return None
    return reach_of(campaign=campaign, audience=audience(campaign, now=now), count=count, at=start)


def reached_words(found: Reach | None) -> list[str]:
    """What is to be expected."""
    if found is None:
        return []
    words = [
        ngettext(
            "%(count)s customer can get the message: Facebook's 24-hour window is open.",
            "%(count)s customers can get the message: Facebook's 24-hour window is open.",
            found.open,
        )
        % {"count": grouped(found.open)}
    ]
    if found.by_template:
        shown = ngettext(
            "%(count)s customer can get the utility template instead: the window is closed.",
            "%(count)s customers can get the utility template instead: the window is closed.",
            found.by_template,
        )
        words.append(shown % {"count": grouped(found.by_template)})
    return words


def not_reached_words(found: Reach | None) -> list[str]:
    """What somebody may not have meant."""
    if found is None or not found.not_at_all:
        return []
    words = ngettext(
        "%(count)s customer can't be reached at all: %(why)s",
        "%(count)s customers can't be reached at all: %(why)s",
        found.not_at_all,
    )
    return [words % {"count": grouped(found.not_at_all), "why": _why(found)}]


def _why(found: Reach) -> str:
    if found.reason is None:
        return _("they never wrote to the page, or blocked it.")
    if found.reason is Reason.NOT_APPROVED:
        return _("the window is closed, and the page has the chosen template not approved, or with other parameters.")
    if found.reason is Reason.TAG_REFUSED:
        return _("the window is closed, and Facebook takes no template now.")
    return _("the window is closed, and the notification has no utility template that could go out instead.")
