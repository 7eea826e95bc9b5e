"""What a history takes place in: two pages, one through Facebook and one through iAdvize, a shop, and a far end.

It is made once; each history begins with it and leaves nothing behind.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from notifications.models import Notification
from notifications.services import installation
from optins.models import IdPattern
from pages.models import Page, Site, WebhookEvent
from pages.services import links
from pages.states import DoubtPolicy, GatewayKind
from pages.webhooks import inbox, processing, replaying
from tests.factories import LinkedPageFactory, NotificationFactory, SiteFactory, UtilityTemplateFactory
from tests.notifications.never.clock import Clock
from tests.notifications.never.far import Far
from tests.notifications.never.model import ALERT, TRANSACTIONAL, Key, Model, Question, Terms
from tests.optins.visitors import SHOP, new_button, shop_page
from tests.support import facebook
from tests.support.api import Caller, secret_for

META, IADVIZE = "meta", "iadvize"
IDS = ("c-1", "c-2", "order-1", "instock-A-1")
PSIDS = ("7001", "7002")
TEMPLATE = {"name": "order_left", "language": "en", "parameters": {"order": "871"}}
FIRST_TERMS = {
    "order": Terms(purpose=TRANSACTIONAL, days=365),
    "instock": Terms(purpose=ALERT, days=180, sole=True),
}


@dataclass(kw_only=True)
class Fact:
    """What a person did: as Facebook tells it, and as the model reads it. It counts once, however often it is told."""

    psid: str
    at: datetime
    body: dict[str, Any]
    mid: str = ""
    does: str = ""
    questions: list[int] = field(default_factory=list)
    told: bool = False


@dataclass
class World:
    """The rows that every history begins with, by the names that the model uses."""

    clock: Clock
    far: Far
    pages: dict[str, Page] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)
    caller: Caller = field(default_factory=lambda: Caller(""))

    def make(self) -> None:
        through_facebook = shop_page(disclosure="")
        through_iadvize = LinkedPageFactory(
            gateway=GatewayKind.IADVIZE, doubt_policy=DoubtPolicy.SEND_AGAIN, doubt_minutes=30
        )
        self.pages = {META: through_facebook, IADVIZE: through_iadvize}
        other = SiteFactory(origins=[SHOP])
        self.sites = {name: _site(page) for name, page in self.pages.items()} | {"other": other}
        _button_on(other, through_facebook)
        UtilityTemplateFactory(page=through_facebook, name="order_left")
        self.notifications = [
            NotificationFactory(),
            NotificationFactory(utility=TEMPLATE),
            NotificationFactory(kind="image", body=IMAGE),
        ]
        self.caller = Caller(secret_for(*self.pages.values()))
        installation.uuid()

    def model(self) -> Model:
        return Model(patterns={name: dict(FIRST_TERMS) for name in self.sites}, site_of={META: META, IADVIZE: IADVIZE})

    def page(self, name: str) -> Page:
        return Page.objects.get(pk=self.pages[name].pk)

    def name_of(self, page: Page) -> str:
        return next(name for name, each in self.pages.items() if each.pk == page.pk)

    def key(self, page: Page, customer_id: str) -> Key:
        return self.name_of(page), customer_id

    # -- webhooks ------------------------------------------------------------------------------------------------

    def tell(self, *bodies: dict[str, Any], standby: bool = False) -> None:
        """In one post, to the inbox, and from there on as a worker does it."""
        page_id = self.pages[META].page_id
        listed = {"standby": bodies} if standby else {}
        entry = facebook.entry(page_id, *(() if standby else bodies), at=self.clock.at, **listed)
        inbox.receive(facebook.body_of(entry), now=timezone.now())
        processing.process_due(seconds=60)

    def replay(self) -> None:
        for _count in replaying.replay_events(WebhookEvent.objects.all(), now=timezone.now()):
            pass
        processing.process_due(seconds=60)

    # -- sites -----------------------------------------------------------------------------------------------------

    def move(self, to: str) -> None:
        page = self.page(META)
        if self.sites[to] != page.site:
            links.move_page(page=page, site=self.sites[to], actor=None, now=timezone.now())

    def change_pattern(self, site: str, word: str, terms: Terms) -> None:
        said = {"purpose": terms.purpose, "days": terms.days, "used_up": terms.sole, "name": word}
        of_site = IdPattern.objects.filter(site=self.sites[site])
        if not of_site.filter(pattern__startswith=f"{word}-").update(**said):
            IdPattern.objects.create(site=self.sites[site], pattern=f"{word}-<number>", position=9, **said)


IMAGE = {
    "text": "Look.",
    "attachment": {"type": "image", "payload": {"url": "https://shop.example/a.png", "is_reusable": True}},
}


def _site(page: Page) -> Site:
    assert page.site
    return page.site


def _button_on(site: Site, page: Page) -> None:
    """As every site has one that people agree on."""
    own = page.site
    assert own
    now = timezone.now()
    links.move_page(page=page, site=site, actor=None, now=now)
    new_button(Page.objects.get(pk=page.pk))
    links.move_page(page=page, site=own, actor=None, now=now)


def apply(model: Model, fact: Fact, now: datetime) -> None:
    """What the model makes of a fact that is told; the second time it is nothing new."""
    if fact.told or model.is_away(fact.psid, fact.at):
        return
    fact.told = True
    match fact.does:
        case "comes":
            model.comes(fact.questions[0], fact.psid, at=fact.at, now=now)
        case "yes" | "no":
            asked = fact.questions or model.newest_questions(fact.psid, at=fact.at)
            model.answers(asked, fact.psid, yes=fact.does == "yes", at=fact.at, now=now)
        case "stop":
            model.stop(fact.psid, at=fact.at, now=now)


def learn(model: Model, pk: int, key: Key, psid: str, at: datetime) -> None:
    """A question that is put again after a START. It asks for what had been agreed to before."""
    if pk not in model.questions:
        before = model.periods[key][-1] if model.periods.get(key) else None
        terms = Terms(purpose=before.purpose, sole=before.sole) if before else None
        model.questions[pk] = Question(key=key, good_until=at, put_to=psid, put_at=at, terms=terms, again=True)
