"""Whose message it was: the site that the page belonged to when it left, which may not be the one of today."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from notifications.admin import times
from notifications.models import Delivery
from notifications.states import LEFT, DeliveryState
from pages.models import Site
from pages.services.links import owner_at

# What a site can be asked about: it left, or may have.
ANSWERED_FOR = LEFT | {DeliveryState.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """`site` is None where the page belonged to nobody; `today` says who has it now, where that is somebody else."""

    title: str
    site: Site | None
    today: str = ""


def owner(delivery: Delivery) -> Owner:
    link = times.link_of(delivery.page)
    current = link.site if link else None
    left_at = delivery.sent_at or delivery.dispatch_started_at
    if delivery.state not in ANSWERED_FOR or left_at is None:
        return Owner(title=_("Site"), site=current)
    site = owner_at(delivery.page, left_at)
    if site == current:
        return Owner(title=_("Site"), site=site)
    today = _("Today the page belongs to %(site)s.") % {"site": current} if current else ""
    return Owner(title=_("Site when it left"), site=site, today=today or _("Today the page belongs to no site."))
