"""The first page: what needs this person now, what is under way, what today came to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.admin import waiting
from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Campaign, Heartbeat
from notifications.states import CampaignState, DeliveryState, Halt
from optins.services import Agreement, agree
from optins.states import Source
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from tests.factories import (
    CampaignFactory,
    ContentFactory,
    DeliveryFactory,
    LinkedPageFactory,
    OptInFactory,
    PageFactory,
    TallyFactory,
)
from tests.people import STRANGER, client_as

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")


@pytest.fixture
def worker() -> Heartbeat:
    return Heartbeat.objects.create(name="worker", seen_at=timezone.now())


def text_of(client: Client) -> str:
    text: str = client.get(INDEX).content.decode()
    return text


def test_nothing_waits_is_said(worker: Heartbeat) -> None:
    assert "Nothing waits for you." in text_of(client_as(MARKETING))


def test_a_stranger_is_told_whom_to_ask() -> None:
    assert "Ask an administrator" in text_of(client_as(STRANGER))


def test_a_silent_worker_is_announced(worker: Heartbeat) -> None:
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert "Nothing is being sent" in text_of(client_as(MARKETING))


@pytest.mark.parametrize(("role", "words"), [(ADMINISTRATORS, "Enter a token"), (MARKETING, "An administrator has to")])
def test_a_page_on_hold_is_announced_with_the_way_out_of_this_person(role: str, words: str) -> None:
    page = LinkedPageFactory(name="Peter")
    hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
    text = text_of(client_as(role))
    assert "Peter is on hold" in text
    assert words in text


@pytest.mark.parametrize(("role", "words"), [(SUPPORT, "Decide"), (MARKETING, "See them")])
def test_deliveries_in_doubt_are_announced(role: str, words: str) -> None:
    DeliveryFactory(state=DeliveryState.UNKNOWN)
    text = text_of(client_as(role))
    assert "1 delivery is in doubt" in text
    assert words in text


def test_a_count_stops_at_its_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "in_doubt", lambda: "99+")
    assert "99+ deliveries are in doubt" in text_of(client_as(SUPPORT))


def test_capped_reads_no_more_than_it_says() -> None:
    DeliveryFactory.create_batch(4, state=DeliveryState.UNKNOWN)
    from notifications.models import Delivery

    assert waiting.capped(Delivery.objects.all(), ceiling=3) == "3+"
    assert waiting.capped(Delivery.objects.all(), ceiling=4) == "4"
    assert waiting.capped(Delivery.objects.none()) == ""


def test_a_campaign_that_the_engine_paused_says_why() -> None:
    CampaignFactory(running=True, state=CampaignState.PAUSED, halt=Halt.FAILURES, name="Spring")
    text = text_of(client_as(MARKETING))
    assert "The campaign “Spring” is paused" in text
    assert "Too many failures" in text


def test_a_campaign_that_a_person_paused_needs_nobody(worker: Heartbeat) -> None:
    CampaignFactory(running=True, state=CampaignState.PAUSED, name="Spring")
    text = text_of(client_as(MARKETING))
    assert "Nothing waits for you." in text
    assert "Spring" in text


def test_a_page_that_was_never_finished_is_announced_to_administrators() -> None:
    LinkedPageFactory()
    PageFactory()
    LinkedPageFactory(token="")
    assert "2 pages can&#x27;t send yet" in text_of(client_as(ADMINISTRATORS))
    assert "send yet" not in text_of(client_as(MARKETING))


def test_a_running_campaign_shows_its_bar() -> None:
    TallyFactory(queued=50, sent=40, failed=5, unknown=5)
    text = text_of(client_as(MARKETING))
    assert 'aria-valuenow="50"' in text
    assert "50 of 100 done" in text
    assert 'class="ma-bar-left" style="width: 40.0%"' in text


def test_a_scheduled_campaign_says_when() -> None:
    CampaignFactory(
        state=CampaignState.SCHEDULED, content=ContentFactory(), scheduled_for=timezone.now() + timedelta(days=1)
    )
    assert "launches" in text_of(client_as(MARKETING))


def test_todays_numbers_come_from_the_tallies_and_the_newest_rows() -> None:
    TallyFactory(sent=1200, delivered=30, read=4, failed=7)
    old = TallyFactory(sent=9)
    Campaign.objects.filter(pk=old.campaign_id).update(launched_at=timezone.now() - timedelta(days=2))
    DeliveryFactory(state=DeliveryState.SENT)
    DeliveryFactory(state=DeliveryState.SENT, created_at=timezone.now() - timedelta(days=2))
    agree(
        page=LinkedPageFactory(),
        customer_id="FR-1",
        agreement=Agreement(source=Source.API),
        now=timezone.now(),
    )
    numbers = client_as(MARKETING).get(INDEX).context["numbers"]
    assert [number.value for number in numbers] == ["1,234", "7", "1", "1"]


def test_the_first_steps_lead_from_nothing_to_a_campaign() -> None:
    steps = client_as(MARKETING).get(INDEX).context["steps"]
    assert [step.done for step in steps] == [False, False, False, False]
    assert [bool(step.url) for step in steps] == [False, False, True, True]


def test_the_first_steps_go_away_when_they_are_done() -> None:
    CampaignFactory()
    assert client_as(MARKETING).get(INDEX).context["steps"] == []


def test_support_finds_a_customer_from_here() -> None:
    assert 'name="q"' in text_of(client_as(SUPPORT))


def test_its_cost_does_not_grow_with_what_it_shows() -> None:
    client = client_as(ADMINISTRATORS)

    def something_of_each() -> None:
        TallyFactory()
        CampaignFactory(running=True, state=CampaignState.PAUSED, halt=Halt.FAILURES)
        DeliveryFactory(state=DeliveryState.UNKNOWN)
        OptInFactory()
        hold_page(page=LinkedPageFactory(), kind=IncidentKind.FORBIDDEN, detail="", now=timezone.now())

    something_of_each()
    client.get(INDEX)
    with CaptureQueriesContext(connection) as few:
        client.get(INDEX)
    for _ in range(9):
        something_of_each()
    with CaptureQueriesContext(connection) as many:
        client.get(INDEX)
    assert len(many) == len(few)
