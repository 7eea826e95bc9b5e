"""Sites, pages and incidents: what their lists and forms say, at a cost that doesn't grow with the rows."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS
from pages.models import Incident, Page, Site
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page, release_page
from pages.states import GatewayKind
from tests.factories import LinkedPageFactory, LinkFactory, OptInFactory, PageFactory, SiteFactory
from tests.pages.admin.test_linking import change, entry
from tests.people import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def queries(client: Client, url: str) -> int:
    client.get(url)  # what is cached once, such as content types, is not the list's cost
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def held_page() -> Page:
    page: Page = LinkedPageFactory()
    hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
    return page


@pytest.mark.parametrize("model", ["page", "site", "incident"])
def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three(administrator: Client, model: str) -> None:
    url = reverse(f"admin:pages_{model}_changelist")
    for _ in range(3):
        held_page()
    few = queries(administrator, url)
    for _ in range(27):
        held_page()
    assert queries(administrator, url) == few


def test_the_list_of_pages_says_why_one_is_on_hold(administrator: Client) -> None:
    page = held_page()
    text = administrator.get(reverse("admin:pages_page_changelist")).content.decode()
    assert "refused the page&#x27;s token" in text
    assert "What to do" in text
    assert page.site is not None
    assert page.site.name in text


def test_the_list_of_sites_names_each_sites_page_of_today(administrator: Client) -> None:
    link = LinkFactory(page=PageFactory(name="Peter's Apparel", page_id="55555"))
    text = administrator.get(reverse("admin:pages_site_changelist")).content.decode()
    assert "Peter&#x27;s Apparel (55555)" in text
    assert link.site.sid in text


def test_a_site_is_added_with_a_time_zone_that_exists(administrator: Client) -> None:
    url = reverse("admin:pages_site_add")
    administrator.post(url, {"sid": "501", "name": "Shop", "timezone": "America/New_York"})
    assert Site.objects.get().timezone == "America/New_York"
    response = administrator.post(url, {"sid": "502", "name": "Shop", "timezone": "Mars/Olympus"})
    assert response.context["adminform"].form.errors["timezone"]


def test_open_incidents_come_first(administrator: Client) -> None:
    still_open, closed = held_page(), held_page()
    release_page(page=closed, actor=None, now=timezone.now())
    rows = administrator.get(reverse("admin:pages_incident_changelist")).context["cl"].result_list
    assert [incident.page for incident in rows] == [still_open, closed]


def test_incidents_narrow_to_the_open_ones(administrator: Client) -> None:
    still_open, closed = held_page(), held_page()
    release_page(page=closed, actor=None, now=timezone.now())
    rows = administrator.get(reverse("admin:pages_incident_changelist") + "?is=open").context["cl"].result_list
    assert [incident.page for incident in rows] == [still_open]


def test_an_incident_says_what_to_do(administrator: Client) -> None:
    held_page()
    url = reverse("admin:pages_incident_change", args=[Incident.objects.get().pk])
    assert "Get a fresh token" in administrator.get(url).content.decode()


def test_a_page_with_history_is_not_deleted_and_the_reason_is_said(administrator: Client) -> None:
    page = OptInFactory().page
    response = administrator.post(reverse("admin:pages_page_delete", args=[page.pk]), {"post": "yes"}, follow=True)
    text = response.content.decode()
    assert "can&#x27;t be deleted: it has links, opt-ins." in text
    assert "Unlink it from its site instead" in text
    assert Page.objects.filter(pk=page.pk).exists()


def test_a_site_with_history_is_not_deleted_and_the_reason_is_said(administrator: Client) -> None:
    now = timezone.now()
    site = LinkFactory(opened_at=now, closed_at=now).site
    response = administrator.get(reverse("admin:pages_site_delete", args=[site.pk]), follow=True)
    assert "can&#x27;t be deleted: it has links." in response.content.decode()


def test_a_page_without_history_is_deleted_with_its_incidents(administrator: Client) -> None:
    page = PageFactory()
    hold_page(page=page, kind=IncidentKind.NO_TOKEN, detail="", now=timezone.now())
    administrator.post(reverse("admin:pages_page_delete", args=[page.pk]), {"post": "yes"})
    assert not Page.objects.exists()


def test_there_is_no_deletion_in_bulk(administrator: Client) -> None:
    page = PageFactory()
    administrator.post(
        reverse("admin:pages_page_changelist"),
        {"action": "delete_selected", "_selected_action": [page.pk], "post": "yes"},
    )
    assert Page.objects.exists()


def test_the_sandbox_is_offered_only_where_there_is_one(administrator: Client, settings: object) -> None:
    settings.SANDBOX = False  # type: ignore[attr-defined]  # pytest-django's settings
    response = administrator.post(reverse("admin:pages_page_add"), entry(gateway="sandbox"))
    assert response.context["adminform"].form.errors["gateway"]


def test_a_page_of_the_sandbox_keeps_its_gateway_where_there_is_none(administrator: Client, settings: object) -> None:
    settings.SANDBOX = False  # type: ignore[attr-defined]  # pytest-django's settings
    page = PageFactory(gateway=GatewayKind.SANDBOX)
    administrator.post(change(page), entry(name="Renamed"))
    page.refresh_from_db()
    assert page.name == "Renamed"


def test_the_id_of_a_page_stays(administrator: Client) -> None:
    page = PageFactory()
    administrator.post(change(page), entry(page_id="99999"))
    page.refresh_from_db()
    assert page.page_id != "99999"


def test_a_page_is_told_on_the_clock_of_its_site(administrator: Client) -> None:
    site = SiteFactory(timezone="America/New_York")
    page = LinkFactory(site=site, opened_at=datetime(2026, 7, 1, 3, 0, tzinfo=UTC)).page
    text = administrator.get(change(page)).content.decode()
    assert "30 Jun 2026, 23:00" in text
    assert "Times are in America/New_York." in text


def test_an_empty_list_says_what_comes_first(administrator: Client) -> None:
    text = administrator.get(reverse("admin:pages_page_changelist")).content.decode()
    assert "Add those that you administer from Facebook" in text
    assert f'href="{reverse("admin:pages_page_facebook")}"' in text
    assert reverse("admin:pages_page_add") in text


def test_a_list_that_was_narrowed_to_nothing_leads_back_to_everything(administrator: Client) -> None:
    PageFactory()
    text = administrator.get(reverse("admin:pages_page_changelist"), {"q": "nowhere"}).content.decode()
    assert "Nothing matches" in text
    assert "Show everything" in text
