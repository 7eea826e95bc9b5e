"""Where one is: the header's steps and the tab's title, in the sidebar's words."""

import re

import pytest
from django.test import Client

from messenger_admin.roles import ADMINISTRATORS
from tests.factories import CampaignFactory, LinkedPageFactory, NotificationFactory, OptInFactory
from tests.people import SUPERUSER, client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_as(SUPERUSER)


def steps(html: str) -> list[str]:
    nav = re.search(r'<nav class="ma-trail".*?</nav>', html, re.DOTALL)
    before = re.findall(r"<a [^>]*>(.*?)</a>", nav.group()) if nav else []
    return [*before, *re.findall(r'<h1 class="ma-here"[^>]*>(.*?)</h1>', html)]


def tab(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    return found.group(1).strip() if found else ""


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", ["Today"]),
        ("notifications/notification/", ["Notifications"]),
        ("notifications/campaign/", ["Campaigns"]),
        ("notifications/campaign/add/", ["Campaigns", "Add campaign"]),
        ("notifications/delivery/", ["Delivery history"]),
        ("notifications/delivery/?state=unknown", ["Delivery history"]),
        ("optins/optin/", ["Opt-ins"]),
        ("pages/page/", ["Facebook pages"]),
        ("auth/user/", ["People"]),
        ("auth/user/add/", ["People", "Add user"]),
        ("password_change/", ["Password change"]),
    ],
)
def test_a_screen_is_named_as_in_the_sidebar(client: Client, path: str, shown: list[str]) -> None:
    assert steps(client.get(f"/admin/{path}").text) == shown


def test_an_object_stands_below_its_list_and_a_question_below_the_object(client: Client) -> None:
    page = LinkedPageFactory(name="Spring shop", page_id="42")
    shown = ["Facebook pages", "Spring shop (42)"]
    assert steps(client.get(f"/admin/pages/page/{page.pk}/change/").text) == shown
    assert steps(client.get(f"/admin/pages/page/{page.pk}/unlink/").text) == [*shown, "Unlink this page?"]


def test_a_form_that_was_refused_still_says_where_it_is(client: Client) -> None:
    campaign = CampaignFactory(name="Spring")
    refused = client.post(f"/admin/notifications/campaign/{campaign.pk}/change/", {"name": ""})
    assert steps(refused.text) == ["Campaigns", "Spring"]


def test_a_customer_id_is_shown_to_the_letter(client: Client) -> None:
    optin = OptInFactory(customer_id="instock-<b>")
    shown = steps(client.get(f"/admin/optins/optin/{optin.pk}/change/").text)
    assert shown == ["Opt-ins", "instock-&lt;b&gt;"]


def test_the_tabs_title_begins_with_what_tells_most(client: Client) -> None:
    notification = NotificationFactory(name="Spring")
    html = client.get(f"/admin/notifications/notification/{notification.pk}/change/").text
    assert tab(html).endswith("Spring · Notifications · Messenger Admin")


def test_the_lists_of_an_app_are_no_screen_of_their_own() -> None:
    assert client_as(ADMINISTRATORS).get("/admin/notifications/").headers["Location"] == "/admin/"


def test_a_list_offers_to_add_and_a_form_does_not(client: Client) -> None:
    assert "addlink" in client.get("/admin/pages/site/").text
    assert "addlink" not in client.get("/admin/pages/site/add/").text
