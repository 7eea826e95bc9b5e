"""The campaign's page and the numbers that move it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import MARKETING, SUPPORT
from notifications.admin.campaigns import progress
from notifications.models import Campaign, Delivery, Heartbeat, Lease, Tally
from notifications.reasons import Reason
from notifications.states import CampaignState, DeliveryState, Halt
from pages.models import Incident, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from tests.factories import CampaignFactory, ContentFactory, DeliveryFactory, OptInFactory, TallyFactory, UserFactory
from tests.people import STRANGER, client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def running() -> Campaign:
    campaign: Campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, queued=50, dispatching=10, sent=30, failed=5, unknown=3, skipped=2)
    return campaign


def shown(client: Client, campaign: Campaign) -> str:
    return client.get(reverse("admin:notifications_campaign_change", args=[campaign.pk])).content.decode()


def numbers(client: Client, campaign: Campaign, **query: Any) -> dict[str, Any]:
    url = reverse("admin:notifications_campaign_progress", args=[campaign.pk])
    told: dict[str, Any] = client.get(url, query).json()
    return told


# --- The numbers ----------------------------------------------------------------------------------------------


def test_the_numbers_say_how_far_it_has_come(marketing: Client, running: Campaign) -> None:
    told = numbers(marketing, running)
    assert (told["state"], told["final"]) == ("running", False)
    assert (told["done"], told["total"], told["percent"]) == (40, 100, 40)
    assert told["widths"] == {"good": 30.0, "bad": 5.0, "doubt": 3.0, "quiet": 2.0}
    assert told["counts"]["unknown"] == "3"
    assert told["summary"] == "40 of 100"


def test_a_hundred_percent_means_that_nothing_is_left(marketing: Client) -> None:
    campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, queued=1, sent=999_999)
    assert numbers(marketing, campaign)["percent"] == 99


@pytest.mark.parametrize(
    ("done", "pace"),
    [
        (20, "2 a second · about 30 seconds left, done around 14:03"),
        (33, "0.7 a second · about 86 seconds left, done around 14:04"),
        (40, "0 a second"),
    ],
)
def test_the_rate_is_measured_since_an_earlier_answer(running: Campaign, done: int, pace: str) -> None:
    now = datetime(2026, 11, 22, 13, 3, 11, tzinfo=UTC)
    sample = progress.Sample(at=now - timedelta(seconds=10), done=done)
    assert progress.as_json(running, now=now, sample=sample)["pace"] == pace


def test_the_script_s_earlier_answer_is_used(marketing: Client, running: Campaign) -> None:
    earlier = (timezone.now() - timedelta(seconds=10)).timestamp()
    assert not numbers(marketing, running, at=earlier, done=20)["pace"].startswith("At most")


def test_without_an_earlier_answer_the_page_s_pace_is_told(marketing: Client, running: Campaign) -> None:
    assert numbers(marketing, running)["pace"].startswith("At most 300 a second")


@pytest.mark.parametrize(
    "query", [{"at": "soon", "done": "1"}, {"at": "1e400", "done": "1"}, {"at": "1"}, {"at": "nan", "done": "1"}]
)
def test_an_earlier_answer_that_makes_no_sense_is_passed_over(
    marketing: Client, running: Campaign, query: dict[str, str]
) -> None:
    assert numbers(marketing, running, **query)["pace"].startswith("At most")


@pytest.mark.parametrize(
    ("state", "final"),
    [
        (CampaignState.DRAFT, True),
        (CampaignState.SCHEDULED, False),
        (CampaignState.RUNNING, False),
        (CampaignState.PAUSED, True),
        (CampaignState.FINISHED, True),
        (CampaignState.CANCELLED, True),
    ],
)
def test_the_script_stops_asking_when_nothing_moves_by_itself(
    marketing: Client, state: CampaignState, final: bool
) -> None:
    assert numbers(marketing, CampaignFactory(running=True, state=state))["final"] is final


def test_a_list_that_still_grows_is_said(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, expanded_at=None)
    TallyFactory(campaign=campaign, queued=10)
    assert "still growing" in numbers(marketing, campaign)["summary"]


def test_the_numbers_are_for_who_may_see_campaigns(running: Campaign) -> None:
    url = reverse("admin:notifications_campaign_progress", args=[running.pk])
    assert client_as(SUPPORT).get(url).status_code == 200
    assert client_as(STRANGER).get(url).status_code == 403


def test_the_numbers_cost_the_same_at_any_size(
    marketing: Client, running: Campaign, django_assert_max_num_queries: Any
) -> None:
    DeliveryFactory.create_batch(5, campaign=running)
    with django_assert_max_num_queries(6):
        numbers(marketing, running)


# --- The page -------------------------------------------------------------------------------------------------


def test_the_bar_says_its_value_to_a_screen_reader(marketing: Client, running: Campaign) -> None:
    assert 'role="progressbar"' in shown(marketing, running)
    assert 'aria-valuenow="40"' in shown(marketing, running)


def test_each_state_leads_to_its_deliveries(marketing: Client, running: Campaign) -> None:
    Tally.objects.update(delivered=1, read=1)
    for state in DeliveryState:
        url = f"/admin/notifications/delivery/?campaign__id__exact={running.pk}&amp;state={state.value}"
        assert f'href="{url}"' in shown(marketing, running)


def test_receipts_that_the_gateway_never_sends_are_not_counted_as_none(marketing: Client, running: Campaign) -> None:
    page = shown(marketing, running)
    assert "state=read" not in page
    assert "Whether a message was delivered or read cannot be known" in page


def test_the_page_shows_the_message_as_it_was_frozen(marketing: Client) -> None:
    content = ContentFactory(body='{"text": "As it was frozen"}')
    campaign = CampaignFactory(running=True, content=content, notification__body={"text": "As it is now"})
    page = shown(marketing, campaign)
    assert "As it was frozen" in page
    assert "As it is now" not in page


def test_the_page_says_who_launched_it_and_when(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, launched_by=UserFactory(username="anne"))
    assert "anne" in shown(marketing, campaign)
    assert "(Europe/Paris)" in shown(marketing, campaign)


def test_who_scheduled_it_has_not_launched_it(marketing: Client) -> None:
    at = timezone.now() + timedelta(days=1)
    campaign = CampaignFactory(
        state=CampaignState.SCHEDULED, content=ContentFactory(), scheduled_for=at, launched_by=UserFactory()
    )
    assert "Scheduled by" in shown(marketing, campaign)
    assert "Launched by" not in shown(marketing, campaign)


def test_a_paused_campaign_says_why_and_what_to_do(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, state=CampaignState.PAUSED, halt=Halt.FAILURES)
    page = shown(marketing, campaign)
    assert "Too many failures" in page
    assert "Then resume it" in page


def test_reasons_are_counted_and_lead_to_their_deliveries(marketing: Client) -> None:
    campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, failed=3, unknown=1)
    rows = [(DeliveryState.FAILED, Reason.NOT_FOUND)] * 2 + [(DeliveryState.FAILED, Reason.MALFORMED)]
    for state, reason in [*rows, (DeliveryState.UNKNOWN, Reason.SILENCE)]:
        DeliveryFactory(campaign=campaign, state=state, reason=reason)
    page = unquote(shown(marketing, campaign)).replace("&amp;", "&")
    assert page.index("reason__exact=not_found") < page.index("reason__exact=malformed"), "the commonest comes first"
    assert 'state=failed&reason__exact=not_found" class="ledger-reason-count">2<' in page
    assert 'state=unknown&reason__exact=silence" class="ledger-reason-count">1<' in page


def test_a_support_person_sees_no_buttons(running: Campaign) -> None:
    page = shown(client_as(SUPPORT), running)
    assert "/pause/" not in page
    assert "/duplicate/" not in page


def test_a_campaign_that_does_not_exist_leads_back(marketing: Client) -> None:
    assert marketing.get("/admin/notifications/campaign/999/change/").status_code == 302


def test_an_untrusted_name_stays_text(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, name="<script>alert(1)</script>")
    TallyFactory(campaign=campaign, sent=1)
    assert "<script>alert" not in shown(marketing, campaign)
    assert "<script>alert" not in marketing.get("/admin/notifications/campaign/").content.decode()


# --- What holds it up -------------------------------------------------------------------------------------------


@pytest.fixture
def worker() -> None:
    Heartbeat.objects.create(name="worker", seen_at=timezone.now())


@pytest.mark.usefixtures("worker")
def test_a_page_on_hold_is_said_with_the_way_out(marketing: Client, running: Campaign) -> None:
    hold_page(page=running.page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
    page = shown(marketing, running)
    assert str(Incident.objects.get().get_kind_display()).replace("'", "&#x27;") in page
    assert f'href="{reverse("admin:pages_page_change", args=[running.page_id])}"' in page


@pytest.mark.usefixtures("worker")
def test_a_page_that_lost_its_site_is_said(marketing: Client, running: Campaign) -> None:
    running.page.links.update(closed_at=timezone.now())
    assert "belongs to no site" in shown(marketing, Campaign.objects.get(pk=running.pk))


@pytest.mark.usefixtures("worker")
def test_a_rest_that_the_gateway_asked_for_is_said(marketing: Client, running: Campaign) -> None:
    now = timezone.now()
    Lease.objects.create(page=running.page, expires_at=now, rest_until=now + timedelta(minutes=5))
    assert "asked for a rest" in shown(marketing, running)


@pytest.mark.usefixtures("worker")
def test_rows_that_all_wait_for_their_next_try_are_said(marketing: Client) -> None:
    campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, queued=1)
    DeliveryFactory(campaign=campaign, optin__page=campaign.page, due_at=timezone.now() + timedelta(minutes=5))
    assert "waits for its next try" in shown(marketing, campaign)
    assert numbers(marketing, campaign)["pace"] == "", "no end is foretold from a pace at which nothing leaves"


@pytest.mark.usefixtures("worker")
def test_a_scheduled_campaign_that_could_not_be_launched_says_so_beforehand(marketing: Client) -> None:
    campaign = CampaignFactory(
        state=CampaignState.SCHEDULED, content=ContentFactory(), scheduled_for=timezone.now() + timedelta(days=1)
    )
    assert "As things stand it can&#x27;t be launched: Nobody in this audience" in shown(marketing, campaign)


@pytest.mark.usefixtures("worker")
def test_a_paused_campaign_tells_that_its_page_is_on_hold_before_it_is_resumed(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, state=CampaignState.PAUSED)
    hold_page(page=campaign.page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
    assert "is on hold" in shown(marketing, campaign)


def test_a_missing_worker_is_said(marketing: Client, running: Campaign) -> None:
    assert "No worker has been seen" in shown(marketing, running)


def test_a_worker_that_fell_silent_is_said_with_the_time(marketing: Client, running: Campaign) -> None:
    Heartbeat.objects.create(name="worker", seen_at=timezone.now() - timedelta(minutes=5))
    assert "No worker has been seen since" in shown(marketing, running)


@pytest.mark.usefixtures("worker")
def test_a_campaign_that_moves_has_nothing_to_say(marketing: Client, running: Campaign) -> None:
    assert "ledger-note" not in shown(marketing, running)


# --- The list -------------------------------------------------------------------------------------------------


def listed(client: Client, **query: Any) -> str:
    return client.get("/admin/notifications/campaign/", query).content.decode()


def test_an_empty_list_says_what_a_campaign_is(marketing: Client) -> None:
    assert "Prepare the first campaign" in listed(marketing)


def test_a_list_that_filters_emptied_says_so(marketing: Client) -> None:
    CampaignFactory()
    assert "No campaign matches" in listed(marketing, q="nothing like it")


def test_the_list_tells_what_became_of_each(marketing: Client, running: Campaign) -> None:
    assert "30 sent, 5 failed, 3 in doubt, 2 skipped" in listed(marketing)


def test_the_list_finds_by_the_notification_s_name(marketing: Client) -> None:
    CampaignFactory(name="Autumn", notification__name="Back in stock")
    CampaignFactory(name="Winter")
    found = listed(marketing, q="stock")
    assert "Autumn" in found
    assert "Winter" not in found


def test_the_list_asks_as_many_questions_for_thirty_rows_as_for_three(
    marketing: Client,
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            TallyFactory(campaign=CampaignFactory(running=True), sent=1)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            listed(marketing)
        return len(queries)

    fill(3)
    few = asked()
    fill(27)
    assert asked() == few


def test_nothing_is_done_to_campaigns_in_bulk(marketing: Client) -> None:
    CampaignFactory()
    assert "delete_selected" not in listed(marketing)
    marketing.post("/admin/notifications/campaign/", {"action": "delete_selected", "_selected_action": "1"})
    assert Campaign.objects.exists()


def test_the_ledger_is_untouched_by_looking(marketing: Client, running: Campaign) -> None:
    OptInFactory(page=Page.objects.get(pk=running.page_id))
    shown(marketing, running)
    assert not Delivery.objects.exists()
