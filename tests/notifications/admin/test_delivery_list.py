"""The history's list: what it shows, how it is narrowed, and what it never does at millions of rows."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.states import DeliveryState, Origin
from tests.factories import (
    CampaignFactory,
    DeliveryFactory,
    LinkFactory,
    OptInFactory,
    PageFactory,
    SiteFactory,
    ThreadFactory,
)
from tests.people import STRANGER, client_as

pytestmark = pytest.mark.django_db
URL = "/admin/notifications/delivery/"


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def listed(client: Client, **query: str | int) -> set[int]:
    """The numbers of the deliveries that the list shows."""
    return {row.pk for row in client.get(URL, query).context["cl"].result_list}


def shown(client: Client, **query: str | int) -> str:
    return client.get(URL, query).content.decode()


@pytest.mark.parametrize("role", [ADMINISTRATORS, MARKETING, SUPPORT])
def test_every_role_reads_the_history(role: str) -> None:
    delivery = DeliveryFactory()
    assert listed(client_as(role)) == {delivery.pk}


def test_a_stranger_does_not() -> None:
    assert client_as(STRANGER).get(URL).status_code == 403


def test_a_row_says_who_where_what_and_why(support: Client) -> None:
    page = PageFactory(name="Peter's Apparel")
    LinkFactory(page=page, site=SiteFactory(timezone="America/New_York"))
    DeliveryFactory(
        optin=OptInFactory(page=page, customer_id="FR-012345"),
        campaign=CampaignFactory(page=page, name="Autumn", running=True),
        state=DeliveryState.FAILED,
        reason=Reason.NOT_FOUND,
        created_at=datetime(2026, 11, 22, 13, 3, tzinfo=UTC),
    )
    row = shown(support)
    for words in ("FR-012345", "Peter&#x27;s Apparel", "Autumn", "Text", "Failed", "does not know this customer"):
        assert words in row
    assert "22 Nov 2026,</span> <span>08:03 <small>EST</small>" in row


def test_newest_come_first(support: Client) -> None:
    made = DeliveryFactory.create_batch(3)
    rows = support.get(URL).context["cl"].result_list
    assert [row.pk for row in rows] == [delivery.pk for delivery in reversed(made)]


@pytest.mark.parametrize("query", [{}, {"_facets": "True"}, {"q": "customer"}, {"state": "queued", "p": "2"}])
def test_nothing_is_counted(support: Client, query: dict[str, str]) -> None:
    DeliveryFactory.create_batch(3)
    with CaptureQueriesContext(connection) as queries:
        support.get(URL, query)
    counts = [
        query["sql"] for query in queries if "COUNT(" in query["sql"] and "notifications_delivery" in query["sql"]
    ]
    assert all("LIMIT 100" in sql for sql in counts)


def test_thirty_rows_cost_as_many_questions_as_three(support: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            support.get(URL)
        return len(queries)

    for _ in range(3):
        DeliveryFactory(campaign=CampaignFactory(running=True))
    few = asked()
    for _ in range(27):
        DeliveryFactory(campaign=CampaignFactory(running=True))
    assert asked() == few


def test_the_list_reads_no_token_and_no_body(support: Client) -> None:
    DeliveryFactory()
    with CaptureQueriesContext(connection) as queries:
        support.get(URL)
    of_rows = [query["sql"] for query in queries if 'FROM "notifications_content"' in query["sql"]]
    of_rows += [query["sql"] for query in queries if 'FROM "pages_page" WHERE' in query["sql"]]
    assert len(of_rows) == 2
    assert not any('"pages_page"."token"' in sql or '"notifications_content"."body"' in sql for sql in of_rows)


# --- Narrowing ------------------------------------------------------------------------------------------------


def test_by_state(support: Client) -> None:
    doubtful = DeliveryFactory(state=DeliveryState.UNKNOWN)
    DeliveryFactory()
    assert listed(support, state="unknown") == {doubtful.pk}


def test_by_page(support: Client) -> None:
    wanted, _other = DeliveryFactory(), DeliveryFactory()
    assert listed(support, page__id__exact=wanted.page_id) == {wanted.pk}


def test_by_campaign(support: Client) -> None:
    wanted = DeliveryFactory(campaign=CampaignFactory(running=True))
    DeliveryFactory(campaign=CampaignFactory(running=True))
    assert listed(support, campaign__id__exact=wanted.campaign_id) == {wanted.pk}


def test_the_campaign_is_found_by_typing(support: Client) -> None:
    campaign = CampaignFactory(name="Autumn sale")
    query = {"term": "autumn", "app_label": "notifications", "model_name": "delivery", "field_name": "campaign"}
    found = support.get("/admin/autocomplete/", query).json()["results"]
    assert found == [{"id": str(campaign.pk), "text": "Autumn sale"}]


def reply(origin: Origin = Origin.REPLY) -> Delivery:
    thread = ThreadFactory(name="Claire Martin")
    made: Delivery = DeliveryFactory(optin=None, page=thread.page, thread=thread, origin=origin)
    return made


def test_an_answer_is_to_whoever_wrote(support: Client) -> None:
    reply()
    assert "Claire Martin" in support.get(reverse("admin:notifications_delivery_changelist")).content.decode()


@pytest.mark.parametrize("origin", Origin)
def test_by_origin(support: Client, origin: Origin) -> None:
    of_each: dict[Origin, Delivery] = {
        Origin.TEST: DeliveryFactory(origin=Origin.TEST),
        Origin.API: DeliveryFactory(),
        Origin.CAMPAIGN: DeliveryFactory(campaign=CampaignFactory(running=True)),
        Origin.REPLY: reply(),
        Origin.ANSWER: reply(Origin.ANSWER),
    }
    assert listed(support, origin=origin.value) == {of_each[origin].pk}


def test_by_reason(support: Client) -> None:
    wanted = DeliveryFactory(state=DeliveryState.FAILED, reason=Reason.NOT_FOUND)
    DeliveryFactory(state=DeliveryState.FAILED, reason=Reason.MALFORMED)
    assert listed(support, state="failed", reason__exact="not_found") == {wanted.pk}


def test_by_customer_and_the_list_says_whose(support: Client) -> None:
    wanted = DeliveryFactory(optin__customer_id="FR-012345")
    DeliveryFactory()
    assert listed(support, optin__id__exact=wanted.optin_id) == {wanted.pk}
    assert "Only the deliveries to customer <strong>FR-012345</strong>" in shown(
        support, optin__id__exact=wanted.optin_id
    )


@pytest.mark.parametrize(
    ("query", "hours"),
    [
        ({"day_from": "2026-11-22", "day_to": "2026-11-22"}, {23, 24}),
        ({"day_from": "2026-11-22"}, {23, 24, 47}),
        ({"day_to": "2026-11-22"}, {22, 23, 24}),
        ({"day_from": "soon", "day_to": "2026-02-30"}, {22, 23, 24, 47}),
        ({"day_to": "9999-12-31"}, {22, 23, 24, 47}),
    ],
)
def test_by_day_on_the_clock_of_the_page_s_site(support: Client, query: dict[str, str], hours: set[int]) -> None:
    page = PageFactory()
    LinkFactory(page=page, site=SiteFactory(timezone="Europe/Paris"))
    start = datetime(2026, 11, 21, 0, 0, tzinfo=UTC).timestamp()
    made = {
        hour: DeliveryFactory(
            optin=OptInFactory(page=page), created_at=datetime.fromtimestamp(start + 3600 * hour, UTC)
        ).pk
        for hour in (22, 23, 24, 47)
    }
    assert listed(support, page__id__exact=page.pk, **query) == {made[hour] for hour in hours}


def test_the_day_s_zone_is_said(support: Client) -> None:
    DeliveryFactory()
    page = PageFactory()
    LinkFactory(page=page, site=SiteFactory(timezone="America/New_York"))
    assert "By day of creation (Europe/Paris)" in shown(support)
    assert "By day of creation (America/New_York)" in shown(support, page__id__exact=page.pk)


def test_the_list_in_doubt_says_how_many_wait(support: Client) -> None:
    DeliveryFactory.create_batch(2, state=DeliveryState.UNKNOWN)
    assert 'class="ledger-count">2<' in shown(support)


# --- Read-only ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_nobody_writes_into_the_history_by_hand(verb: str) -> None:
    client, delivery = client_as("superuser"), DeliveryFactory()
    url = reverse(f"admin:notifications_delivery_{verb}", args=[delivery.pk])
    assert client.post(url, {"post": "yes", "state": "sent"}).status_code == 403
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_nobody_adds_to_it_by_hand() -> None:
    assert client_as("superuser").get(f"{URL}add/").status_code == 403
