"""Deliveries of their own, each with something to tell: what support is asked about."""

from datetime import datetime, timedelta
from typing import Any

from messenger_admin.demo.audience import ACCOUNT, CLAIRE, GUIDE_ALERT, GUIDE_ORDER
from messenger_admin.demo.bodies import Composed
from messenger_admin.demo.ledger import Ledger, Story
from messenger_admin.demo.places import Places
from notifications.reasons import Reason
from notifications.states import Origin
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Page


class Narrator:
    """Opens deliveries for customers by their id, so many hours ago."""

    def __init__(self, composed: dict[str, Composed], ledger: Ledger, now: datetime) -> None:
        self._composed = composed
        self._ledger = ledger
        self._now = now

    def sent_to(self, page: Page, customer_id: str, body: str, *, hours: float, **values: Any) -> Story:
        optin = OptIn.objects.select_related("page").get(page=page, customer_id=customer_id)
        at = self._now - timedelta(hours=hours)
        return self._ledger.open(optin, self._composed[body].content, at, **values)


def tell(places: Places, narrator: Narrator) -> None:
    _peters(places, narrator)
    _lilas(places, narrator)
    _outlet(places, narrator)


def _peters(places: Places, narrator: Narrator) -> None:
    page, told = places.peters, narrator.sent_to
    told(page, GUIDE_ORDER, "guide/text", hours=52).accepted()
    told(page, GUIDE_ORDER, "guide/receipt", hours=51.9).accepted()
    # Turned away twice, unread both times, and then accepted.
    retried = told(page, GUIDE_ALERT, "peters_apparel/stock", hours=27)
    retried.turned_away(429, Reason.THROTTLED, "Too many requests.", again_in=74)
    retried.turned_away(503, Reason.UNAVAILABLE, "The service is being maintained.", again_in=213).accepted()
    told(page, ACCOUNT, "guide/carousel", hours=26, origin=Origin.TEST, requested_by=places.marie).accepted()
    # In doubt: the phone has the first and not the second, which only the sandbox knows.
    told(page, ACCOUNT, "guide/text", hours=3.2).silence(arrived=True)
    told(page, GUIDE_ORDER, "guide/text", hours=1.4).silence(arrived=False)
    told(page, ACCOUNT, "guide/image", hours=0.7).refused(422, Reason.CONTENT_REFUSED, "The image can't be fetched.")


def _lilas(places: Places, narrator: Narrator) -> None:
    page, told = places.lilas, narrator.sent_to
    told(page, CLAIRE, "maison_lilas/image", hours=29, origin=Origin.TEST, requested_by=places.marie).accepted()
    told(page, CLAIRE, "maison_lilas/receipt", hours=5).unreachable(again_in=41).accepted()
    told(page, CLAIRE, "maison_lilas/carousel", hours=0.4).accepted()
    told(page, CLAIRE, "maison_lilas/vente_privee", hours=0.2, origin=Origin.TEST, requested_by=places.marie).accepted()
    left = OptIn.objects.filter(page=page, state=OptInState.REVOKED).order_by("pk").first()
    if left:
        story = told(page, left.customer_id, "maison_lilas/stock", hours=8)
        story.skipped(Reason.OPTED_OUT, story.clock)


def _outlet(places: Places, narrator: Narrator) -> None:
    """The page is on hold: what met the refused token waits, and so does what came after it."""
    refused, *waiting = OptIn.objects.filter(page=places.outlet, state=OptInState.ACTIVE).order_by("pk")[:4]
    narrator.sent_to(places.outlet, refused.customer_id, "maison_lilas/stock", hours=2).held()
    for optin in waiting:
        narrator.sent_to(places.outlet, optin.customer_id, "maison_lilas/stock", hours=1)
