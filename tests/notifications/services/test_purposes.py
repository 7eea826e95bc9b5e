"""Nobody is written to for what they did not agree to, and one message ends an agreement to one message."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Campaign, Delivery, Tally
from notifications.reasons import Reason
from notifications.services import lease, ledger
from notifications.services.expansion import expand_chunk
from notifications.services.launchability import audience
from notifications.services.marking import mark
from notifications.states import DeliveryState
from optins.models import ConsentKind, OptIn
from optins.services import Agreement, agree
from optins.states import OptInState, Purpose, Source
from pages.models import Page
from tests.factories import CampaignFactory, DeliveryFactory, LinkedPageFactory, OptInFactory

pytestmark = pytest.mark.django_db
P = Purpose


@pytest.fixture
def page() -> Page:
    made: Page = LinkedPageFactory()
    return made


def launched(page: Page, purpose: Purpose) -> Campaign:
    now = timezone.now()
    ceiling = OptIn.objects.order_by("-pk").values_list("pk", flat=True).first()
    campaign: Campaign = CampaignFactory(
        page=page, running=True, purpose=purpose, audience_ceiling=ceiling, expanded_at=None, launched_at=now
    )
    Tally.objects.create(campaign=campaign)
    return campaign


@pytest.mark.parametrize(
    ("purpose", "reached"),
    [
        (P.MARKETING, {P.MARKETING}),
        (P.ALERT, {P.ALERT, P.MARKETING}),
        (P.TRANSACTIONAL, {P.TRANSACTIONAL, P.MARKETING}),
    ],
)
def test_a_campaign_reaches_those_who_agreed_to_its_purpose(
    page: Page, purpose: Purpose, reached: set[Purpose]
) -> None:
    for each in P:
        OptInFactory(page=page, purpose=each)
    campaign = launched(page, purpose)
    expand_chunk(campaign=campaign, now=timezone.now())

    assert set(campaign.deliveries.values_list("optin__purpose", flat=True)) == reached
    assert set(audience(campaign, now=timezone.now()).values_list("purpose", flat=True)) == reached


def test_who_narrows_the_agreement_after_the_launch_is_skipped_with_the_reason(page: Page) -> None:
    optin = OptInFactory(page=page)
    campaign = launched(page, P.MARKETING)
    expand_chunk(campaign=campaign, now=timezone.now())
    OptIn.objects.filter(pk=optin.pk).update(purpose=P.TRANSACTIONAL)
    row = marked(page)

    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.PURPOSE)


def test_a_single_message_has_the_purpose_of_its_id(page: Page) -> None:
    DeliveryFactory(optin=OptInFactory(page=page, purpose=P.TRANSACTIONAL))

    assert marked(page).state == DeliveryState.DISPATCHING


def marked(page: Page) -> Delivery:
    held = lease.acquire(page_pk=page.pk, holder="test")
    assert held
    mark(held=held, now=timezone.now(), most=10)
    return Delivery.objects.latest("pk")


# -- used up -----------------------------------------------------------------------------------------------------


def alert(page: Page) -> OptIn:
    return agree(page=page, customer_id="instock-AB123-x", agreement=Agreement(source=Source.API), now=timezone.now())


@pytest.mark.parametrize("frm", [DeliveryState.DISPATCHING, DeliveryState.UNKNOWN])
def test_an_alert_is_used_up_by_being_sent(page: Page, frm: DeliveryState) -> None:
    optin = alert(page)
    times = {"fence": 1, "dispatch_started_at": timezone.now()}
    sent, waiting = DeliveryFactory(optin=optin, state=frm, **times), DeliveryFactory(optin=optin)
    ledger.move_ids([sent.pk], DeliveryState.SENT, frm=frm)

    optin.refresh_from_db()
    waiting.refresh_from_db()
    event = optin.events.first()
    assert optin.state == OptInState.EXPIRED
    assert event
    assert (event.kind, event.evidence) == (ConsentKind.USED_UP, {"delivery": sent.pk})
    assert (waiting.state, waiting.reason) == (DeliveryState.SKIPPED, Reason.USED_UP)


def test_what_comes_for_it_later_is_skipped_with_the_reason(page: Page) -> None:
    optin = alert(page)
    OptIn.objects.filter(pk=optin.pk).update(state=OptInState.EXPIRED)
    DeliveryFactory(optin=optin)

    assert marked(page).reason == Reason.USED_UP


def test_one_whose_time_was_over_says_that_instead(page: Page) -> None:
    optin = alert(page)
    OptIn.objects.filter(pk=optin.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    DeliveryFactory(optin=optin)

    assert marked(page).reason == Reason.OPT_IN_EXPIRED


@pytest.mark.parametrize("change", [lambda optin: None, lambda optin: OptIn.objects.update(agreed_at=timezone.now())])
def test_a_doubt_about_an_older_message_does_not_use_up_a_new_agreement(
    page: Page, change: Callable[[OptIn], object]
) -> None:
    optin = alert(page)
    ago = timezone.now() - timedelta(hours=1)
    times = {"fence": 1, "dispatch_started_at": ago, "created_at": ago}
    doubtful = DeliveryFactory(optin=optin, state=DeliveryState.UNKNOWN, **times)
    change(optin)
    ledger.move_ids([doubtful.pk], DeliveryState.SENT, frm=DeliveryState.UNKNOWN)

    optin.refresh_from_db()
    assert optin.state == OptInState.ACTIVE


def test_an_order_is_not_used_up(page: Page) -> None:
    now = timezone.now()
    optin = agree(page=page, customer_id="order-1", agreement=Agreement(source=Source.API), now=now)
    sent = DeliveryFactory(optin=optin, state=DeliveryState.DISPATCHING, fence=1, dispatch_started_at=now)
    ledger.move_ids([sent.pk], DeliveryState.SENT, frm=DeliveryState.DISPATCHING)

    optin.refresh_from_db()
    assert optin.state == OptInState.ACTIVE
