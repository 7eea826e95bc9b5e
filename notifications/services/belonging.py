"""What goes with a page that is moved to another site, as far as it is sent from here."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.models import Campaign, Delivery
from notifications.states import CampaignState, DeliveryState
from pages.models import Page

UNDER_WAY = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.SCHEDULED)
NAMED = 5
# Exact up to here: nobody decides otherwise at 10,001.
COUNTED = 10_000


def effects(page: Page) -> list[str]:
    """Sentences for whoever is asked whether to move it."""
    return [*_campaigns(page), *_waiting(page)]


def _campaigns(page: Page) -> list[str]:
    found = Campaign.objects.filter(page=page, state__in=UNDER_WAY).order_by("-pk")
    names, count = list(found.values_list("name", flat=True)[:NAMED]), found.count()
    if not names:
        return []
    listed = ", ".join(names) + (" …" if count > NAMED else "")
    text = ngettext(
        "%(count)s campaign goes on from the page: %(names)s. Pause it first if that is not meant.",
        "%(count)s campaigns go on from the page: %(names)s. Pause them first if that is not meant.",
        count,
    )
    return [text % {"count": count, "names": listed}]


def _waiting(page: Page) -> list[str]:
    waiting = Delivery.objects.filter(page=page, state=DeliveryState.QUEUED).order_by()[: COUNTED + 1].count()
    if not waiting:
        return []
    if waiting > COUNTED:
        return [_("More than %(count)s deliveries are waiting.") % {"count": COUNTED}]
    text = ngettext("%(count)s delivery is waiting.", "%(count)s deliveries are waiting.", waiting)
    return [text % {"count": waiting}]
