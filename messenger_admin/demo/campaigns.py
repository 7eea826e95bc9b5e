"""The demo's campaigns: one in each state, whose rows, tries and tallies tell the same."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from messenger_admin.demo.bodies import Composed
from messenger_admin.demo.ledger import Ledger, Story
from messenger_admin.demo.places import Places
from notifications.models import Campaign, Delivery, Tally
from notifications.reasons import Reason
from notifications.states import AudienceKind, CampaignState
from optins.customer_ids import STOCK_ALERT
from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.states import OptInState, Purpose
from pages.models import Page
from pages.models.page import DEFAULT_MESSAGES_PER_SECOND

C = CampaignState
BUSY = "Too many requests."


class Season:
    """Plans campaigns on a calendar that ends now."""

    def __init__(self, places: Places, composed: dict[str, Composed], ledger: Ledger, now: datetime) -> None:
        self._places = places
        self._composed = composed
        self._ledger = ledger
        self._now = now

    def plan(self) -> None:
        """Oldest first, so that the newest stands on top of the list."""
        peters, lilas = self._places.peters, self._places.lilas
        self._finished("Oculus teaser", "guide/image", peters, days=26)
        self._finished("Collection d’hiver", "maison_lilas/carousel", lilas, days=9)
        self._finished("AB123 is back", "peters_apparel/stock", peters, days=4, prefix="instock-AB123-")
        self._cancelled("T-shirts, wrong link", "guide/carousel", peters)
        self._scheduled("Premiers flocons", "maison_lilas/image", lilas)
        self._create("Order reassurance", "guide/text", peters, purpose=Purpose.TRANSACTIONAL)
        self._create("Vente privée", "maison_lilas/vente_privee", lilas)
        self._running("Sac cabas : retour en stock", "maison_lilas/stock", lilas, prefix="instock-SAC07-")
        self._paused("T-shirts are back", "guide/carousel", peters)

    def _create(self, name: str, body: str, page: Page, *, prefix: str = "", **values: Any) -> Campaign:
        kind = AudienceKind.PREFIX if prefix else AudienceKind.ALL
        notification = self._composed[body].notification
        values.setdefault("purpose", _purpose_of(prefix))
        return Campaign.objects.create(
            name=name, notification=notification, page=page, audience_kind=kind, audience_prefix=prefix, **values
        )

    def _launched(self, name: str, body: str, page: Page, at: datetime, **values: Any) -> tuple[Campaign, list[OptIn]]:
        """A campaign launched at `at`, and those who agreed before."""
        prefix = str(values.get("prefix", ""))
        optins = OptIn.objects.filter(page=page, agreed_at__lte=at).with_prefix(prefix)
        optins = optins.for_purpose(_purpose_of(prefix))
        audience = [optin for optin in optins.order_by("pk") if optin.ended_at is None or optin.ended_at > at]
        ceiling = audience[-1].pk
        campaign = self._create(
            name,
            body,
            page,
            content=self._composed[body].content,
            launched_at=at,
            launched_by=self._places.marie,
            audience_ceiling=ceiling,
            expanded_to=ceiling,
            expanded_at=at + timedelta(seconds=1),
            **values,
        )
        for optin in audience:
            optin.page = page
        return campaign, audience

    def _finished(self, name: str, body: str, page: Page, *, days: int, prefix: str = "") -> None:
        at = self._now - timedelta(days=days, hours=2)
        campaign, audience = self._launched(name, body, page, at, state=C.FINISHED, prefix=prefix)
        last = at
        for number, optin in enumerate(audience):
            last = self._sent(campaign, optin, at, number).clock
        self._end(campaign, last)

    def _paused(self, name: str, body: str, page: Page) -> None:
        """Half of it has left; the other half waits until somebody resumes it."""
        at = self._now - timedelta(minutes=50)
        campaign, audience = self._launched(name, body, page, at, state=C.PAUSED)
        half = len(audience) // 2
        for number, optin in enumerate(audience[:half]):
            self._sent(campaign, optin, at, number)
        for optin in audience[half:]:
            self._open(campaign, optin, at)
        self._count(campaign)

    def _cancelled(self, name: str, body: str, page: Page) -> None:
        at = self._now - timedelta(days=2, hours=5)
        campaign, audience = self._launched(name, body, page, at, state=C.CANCELLED)
        noticed = at + timedelta(seconds=4)
        for number, optin in enumerate(audience):
            if at + self._turn(number) < noticed:
                self._sent(campaign, optin, at, number)
            else:
                self._open(campaign, optin, at).cancelled(noticed)
        self._end(campaign, noticed)

    def _running(self, name: str, body: str, page: Page, *, prefix: str) -> None:
        """All but the last few have left; those were asked to come again later."""
        at = self._now - timedelta(minutes=6)
        campaign, audience = self._launched(name, body, page, at, state=C.RUNNING, prefix=prefix)
        for number, optin in enumerate(audience[:-5]):
            self._sent(campaign, optin, at, number)
        for number, optin in enumerate(audience[-5:], start=len(audience)):
            story = self._open(campaign, optin, at, number)
            story.turned_away(429, Reason.THROTTLED, BUSY, again_in=1_200 + 7 * number)
        self._count(campaign)

    def _scheduled(self, name: str, body: str, page: Page) -> None:
        """Ten in the morning of the site, five days from now."""
        paris = (self._now + timedelta(days=5)).astimezone(ZoneInfo("Europe/Paris"))
        self._create(
            name,
            body,
            page,
            state=C.SCHEDULED,
            content=self._composed[body].content,
            scheduled_for=paris.replace(hour=10, minute=0, second=0, microsecond=0),
            launched_by=self._places.marie,
        )

    def _sent(self, campaign: Campaign, optin: OptIn, at: datetime, number: int) -> Story:
        """What usually happens, and now and then something else."""
        story = self._open(campaign, optin, at, number)
        if number % 97 == 50 and optin.state == OptInState.ACTIVE:
            self._stop(optin, at + timedelta(seconds=1))
            return story.skipped(Reason.OPTED_OUT, story.clock)
        match number % 500:
            case 137 | 389:
                return story.refused(404, Reason.NOT_FOUND, f"Unknown 'customer' with id '{optin.customer_id}'.")
            case 251:
                return story.silence(arrived=number % 1000 == 251)
            case 60 | 61 | 62:
                return self._used(optin, story.turned_away(429, Reason.THROTTLED, BUSY, again_in=31).accepted())
            case _:
                return self._used(optin, story.accepted())

    def _used(self, optin: OptIn, story: Story) -> Story:
        """An agreement to one alert is over once that was sent."""
        if optin.used_up and OptIn.objects.filter(pk=optin.pk).move(OptInState.EXPIRED, ended_at=story.clock):
            ConsentEvent.objects.create(optin=optin, kind=ConsentKind.USED_UP, at=story.clock, evidence={})
        return story

    def _stop(self, optin: OptIn, at: datetime) -> None:
        """The customer said STOP between the launch and their turn."""
        OptIn.objects.filter(pk=optin.pk).move(OptInState.REVOKED, ended_at=at)
        ConsentEvent.objects.create(optin=optin, kind=ConsentKind.REVOKED, at=at, evidence={"keyword": "STOP"})

    def _open(self, campaign: Campaign, optin: OptIn, at: datetime, number: int = 0) -> Story:
        assert campaign.content is not None  # noqa: S101  (launched campaigns have one)
        story = self._ledger.open(optin, campaign.content, at, campaign=campaign)
        story.clock += self._turn(number)
        return story

    def _turn(self, number: int) -> timedelta:
        return timedelta(seconds=2 + number / DEFAULT_MESSAGES_PER_SECOND)

    def _end(self, campaign: Campaign, at: datetime) -> None:
        Campaign.objects.filter(pk=campaign.pk).update(finished_at=at)
        self._count(campaign)

    def _count(self, campaign: Campaign) -> None:
        states = Counter(str(row.state) for row in self._rows(campaign))
        Tally.objects.create(campaign=campaign, **states)

    def _rows(self, campaign: Campaign) -> Iterable[Delivery]:
        return (row for row in self._ledger.deliveries if row.campaign is campaign)


def _purpose_of(prefix: str) -> Purpose:
    return Purpose.ALERT if prefix.startswith(STOCK_ALERT) else Purpose.MARKETING
