"""What staff, the merchant's systems and the clock do."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st

from notifications.gateway.meta import metadata
from notifications.models import Campaign, Delivery, Installation
from notifications.services import campaigns, doubts, expansion, replies
from notifications.services.ageing import skip_too_old
from notifications.services.deliveries import PageCannotSend
from notifications.services.doubt_policy import apply_policies
from notifications.states import AudienceKind, CampaignState, DeliveryState
from optins.models import OptIn
from optins.services import (
    Agreement,
    HeldByAnother,
    StillLeaving,
    Suppressed,
    TakenBack,
    agree,
    agree_as,
    expire_due,
    revoke,
)
from optins.services.erasing_people import erase_customer, erase_person
from optins.services.tidying import tidy
from optins.states import Source
from pages.models import Thread
from pages.services.incidents import release_page
from tests.factories import CampaignFactory, UserFactory
from tests.notifications.never.history import Base, act
from tests.notifications.never.model import ALERT, MARKETING, TRANSACTIONAL, Terms
from tests.notifications.never.people import ids, nth, people
from tests.notifications.never.world import IADVIZE, META
from tests.support import facebook
from tests.support.api import messages_of

pages = st.sampled_from([META, META, IADVIZE])
purposes = st.sampled_from([MARKETING, TRANSACTIONAL, ALERT])
notes = st.sampled_from(["by form 1", "by form 2"])
spans = st.sampled_from([timedelta(minutes=40), timedelta(hours=25), timedelta(days=8), timedelta(days=200)])
CHANGES = (
    ("order", Terms(purpose=MARKETING, days=30)),
    ("order", Terms(purpose=TRANSACTIONAL, days=365)),
    ("instock", Terms(purpose=MARKETING, days=30)),
    ("instock", Terms(purpose=ALERT, days=180, sole=True)),
    ("c", Terms(purpose=TRANSACTIONAL, days=30)),
)


class Systems(Base):
    @act(3, page=pages, customer_id=ids, note=notes, psid=st.sampled_from([None, None, "7001", "7002"]))
    def a_system_tells_of_an_agreement(self, page: str, customer_id: str, note: str, psid: str | None) -> None:
        now, psid = self.clock.tick(), psid if page == META else None
        agreement = Agreement(source=Source.API, evidence={"note": note})
        with suppress(HeldByAnother, TakenBack, Suppressed):
            agree_as(psid=psid, page=self.page(page), customer_id=customer_id, agreement=agreement, now=now)
        self.model.told_by_system((page, customer_id), psid=psid, purpose=None, note=note, now=now)

    @act(page=pages, customer_id=ids)
    def staff_enter_an_agreement(self, page: str, customer_id: str) -> None:
        now = self.clock.tick()
        agreement = Agreement(source=Source.STAFF, evidence={"note": "On the telephone"})
        with suppress(Suppressed):
            agree(page=self.page(page), customer_id=customer_id, agreement=agreement, now=now)
        self.model.told_by_staff((page, customer_id), now=now)

    @act(page=pages, customer_id=ids)
    def an_agreement_is_taken_back(self, page: str, customer_id: str) -> None:
        self.take_back(page, customer_id)

    def take_back(self, page: str, customer_id: str) -> None:
        now = self.clock.at
        optin = OptIn.objects.filter(page=self.page(page), customer_id=customer_id).first()
        if optin:
            revoke(optin=optin, actor=None, now=now, evidence={"source": "api"})
        self.model.revoke((page, customer_id), now=now)

    @act(page=pages, customer_id=ids)
    def a_customer_is_erased(self, page: str, customer_id: str) -> None:
        self.clock.tick()
        self.erase(page, customer_id)

    def erase(self, page: str, customer_id: str) -> None:
        now, key = self.clock.at, (page, customer_id)
        try:
            erase_customer(page=self.page(page), customer_id=customer_id, actor=None, now=now)
        except StillLeaving:
            self.model.revoke(key, now=now)
            self.model.erased.add(key)
        else:
            self.model.erase(key, now=now)

    @act(psid=people)
    def a_person_is_erased(self, psid: str) -> None:
        now = self.clock.tick()
        with suppress(StillLeaving):
            erase_person(page=self.page(), psid=psid, actor=None, now=now)
            self.model.erase_person(META, psid, now=now)
            return
        self.model.erase_person(META, psid, now=now)

    @act(4, page=pages, customer_id=ids, key=st.sampled_from(["", "key-1", "key-2"]))
    def a_system_sends_a_message(self, page: str, customer_id: str, key: str) -> None:
        self.clock.tick()
        headers = {"idempotency-key": key} if key else {}
        body = '{"text": "It is here."}'
        answer = self.world.caller.post(messages_of(self.world.pages[page], customer_id), body, **headers)
        assert answer.status_code in {200, 202, 403, 404, 409, 422}, answer.content

    @act(change=st.sampled_from(CHANGES), site=st.sampled_from([META, IADVIZE, "other"]))
    def a_pattern_is_changed(self, change: tuple[str, Terms], site: str) -> None:
        self.clock.tick()
        word, terms = change
        self.world.change_pattern(site, word, terms)
        self.model.patterns[site][word] = terms

    @act(to=st.sampled_from([META, "other"]))
    def the_page_moves(self, to: str) -> None:
        self.clock.tick()
        self.world.move(to)
        self.model.site_of[META] = to

    @act(by=spans)
    def time_passes(self, by: timedelta) -> None:
        self.clock.tick(by)

    @act()
    def swept(self) -> None:
        now = self.clock.tick()
        expire_due(now=now)
        tidy(now=now)
        skip_too_old(now)
        apply_policies(now)
        campaigns.finish_done(now=now)


class Marketing(Base):
    @act(
        4,
        page=pages,
        purpose=purposes,
        prefix=st.sampled_from(["", "", "instock-A", "order"]),
        what=nth,
        useful=st.sampled_from([None, timedelta(hours=2)]),
    )
    def a_campaign_is_launched(self, page: str, purpose: str, prefix: str, what: int, useful: timedelta | None) -> None:
        now, notifications = self.clock.tick(), self.world.notifications
        campaign: Campaign = CampaignFactory(
            page=self.page(page),
            notification=notifications[what % len(notifications)],
            purpose=purpose,
            audience_kind=AudienceKind.PREFIX if prefix else AudienceKind.ALL,
            audience_prefix=prefix,
            useful_until=now + useful if useful else None,
        )
        with suppress(campaigns.CannotLaunch):
            campaigns.launch(campaign=campaign, actor=None, now=now)
            self.campaigns.append(campaign.pk)

    def rows_are_made(self) -> None:
        now = self.clock.tick()
        for campaign in Campaign.objects.filter(state__in=expansion.GOING, expanded_at=None).order_by("pk"):
            expansion.expand_chunk(campaign=campaign, now=now)

    @act(which=nth, act=st.sampled_from(["pause", "resume", "cancel"]))
    def a_campaign_is_steered(self, which: int, act: str) -> None:
        now, campaign = self.clock.tick(), self.campaign(which)
        if campaign is None:
            return
        if act == "cancel" and campaigns.cancel(campaign=campaign, actor=None, now=now):
            campaigns.cancel_rows(campaign_pk=campaign.pk, now=now)
        elif act == "pause" and campaign.state == CampaignState.RUNNING:
            campaigns.pause(campaign=campaign, actor=None, now=now)
        elif act == "resume" and campaign.state == CampaignState.PAUSED:
            campaigns.resume(campaign=campaign, actor=None, now=now)

    @act(again=st.booleans())
    def doubts_are_decided(self, *, again: bool) -> None:
        now, actor = self.clock.tick(), UserFactory()
        for row in Delivery.objects.filter(state=DeliveryState.UNKNOWN).order_by("pk"):
            if not again:
                doubts.treat_as_sent(delivery=row, actor=actor, now=now)
            elif doubts.send_again(delivery=row, actor=actor, now=now):
                self.again[row.pk] += 1

    @act(page=pages)
    def a_page_goes_on(self, page: str) -> None:
        release_page(page=self.page(page), actor=None, now=self.clock.tick())

    @act(psid=people)
    def an_agent_replies(self, psid: str) -> None:
        now = self.clock.tick()
        thread = Thread.objects.filter(page=self.page(), psid=psid).select_related("page").first()
        if thread:
            with suppress(replies.CannotReply, PageCannotSend):
                replies.reply(thread=thread, body={"text": "Hello, this is Ana."}, actor=UserFactory(), now=now)

    @act(which=nth, read=st.booleans())
    def facebook_tells_what_became_of_it(self, which: int, *, read: bool) -> None:
        """An echo of what left, or a receipt that names nothing but a time."""
        self.clock.tick()
        if not self.far.arrivals:
            return
        arrival = self.far.arrivals[-1 - which % len(self.far.arrivals)]
        if arrival.page_id != self.world.pages[META].page_id or not arrival.left:
            return
        if read:
            self.world.tell(facebook.read(arrival.page_id, arrival.whom, self.clock.at, at=self.clock.at))
        else:
            marked = metadata.write(Installation.objects.get().uuid, arrival.delivery, arrival.part)
            echo = facebook.echo(arrival.page_id, arrival.whom, metadata=marked, at=self.clock.at, mid=self.new_mid())
            self.world.tell(echo)
