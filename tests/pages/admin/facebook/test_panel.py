"""What a page's screen says of Facebook, and what a person may do about it there."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from pages.models import AuditEntry, Connection, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from pages.states import PageState
from tests.factories import ConnectedPageFactory, LinkedPageFactory
from tests.pages.admin.test_linking import change
from tests.people import client_as
from tests.support.graph_api import graph, routed

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def shown(client: Client, page: Page) -> str:
    return client.get(change(page)).content.decode()


def door(name: str, page: Page) -> str:
    return reverse(f"admin:pages_page_{name}", args=[page.pk])


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def held(kind: str) -> Page:
    page: Page = ConnectedPageFactory()
    hold_page(page=page, kind=kind, detail="(#1) Because.", now=timezone.now())
    page.refresh_from_db()
    return page


def test_a_page_that_is_well_says_so_and_who_connected_it(administrator: Client) -> None:
    text = shown(administrator, ConnectedPageFactory())
    assert "On Facebook" in text
    assert "Connected" in text
    assert "Claire Martin" in text


def test_a_page_of_iadvize_says_nothing_of_facebook(administrator: Client) -> None:
    assert "On Facebook" not in shown(administrator, LinkedPageFactory())


def test_a_dead_token_is_said_with_reconnect_as_the_way_out(administrator: Client) -> None:
    page = held(IncidentKind.TOKEN_REFUSED)
    text = shown(administrator, page)
    assert "Facebook no longer accepts the page&#x27;s token" in text
    assert f'class="ma-button ma-primary" href="{door("reconnect", page)}"' in text
    assert "Connect the page again" in text


def test_what_is_missing_is_named_with_what_it_is_for(administrator: Client) -> None:
    page = ConnectedPageFactory()
    Connection.objects.update(missing_permissions=["pages_utility_messaging"])
    text = shown(administrator, page)
    assert "pages_utility_messaging" in text
    assert "send approved messages about orders and appointments" in text


def test_facebooks_words_are_escaped(administrator: Client) -> None:
    page = ConnectedPageFactory()
    Connection.objects.update(check_error="<script>alert(1)</script>", restriction="<i>")
    assert "<script>alert(1)" not in shown(administrator, page)
    assert "<i>" not in shown(administrator, page).partition("On Facebook")[2].partition("</section>")[0]


@pytest.mark.parametrize("role", [MARKETING, SUPPORT])
def test_who_may_not_mend_it_sees_the_state_and_no_button(role: str) -> None:
    page = held(IncidentKind.TOKEN_REFUSED)
    text = shown(client_as(role), page)
    assert "Facebook no longer accepts" in text
    assert door("reconnect", page) not in text
    assert door("check", page) not in text


def test_check_now_asks_facebook_and_says_what_it_found(administrator: Client) -> None:
    page = ConnectedPageFactory()
    dead = {"data": {"is_valid": False, "error": {"message": "Gone."}}}
    with graph(routed({("GET", "debug_token"): dead})):
        response = administrator.post(door("check", page))
    page.refresh_from_db()
    assert page.state == PageState.ON_HOLD
    assert said(response) == ["Facebook was asked. The page's state: Facebook no longer accepts the page's token."]


def test_check_now_while_facebook_is_away_changes_nothing_and_says_so(administrator: Client) -> None:
    page = ConnectedPageFactory()
    with graph(routed({("GET", "debug_token"): None})):
        response = administrator.post(door("check", page))
    page.refresh_from_db()
    assert page.state == PageState.ACTIVE
    assert said(response) == ["Facebook was asked. The page's state: Could not be checked lately."]


def test_a_look_is_never_taken_by_following_a_link(administrator: Client) -> None:
    assert administrator.get(door("check", ConnectedPageFactory())).status_code == 405


def test_letting_it_send_again_is_asked_and_then_done_and_written_down(administrator: Client) -> None:
    page = held(IncidentKind.RESTRICTED)
    question = administrator.get(door("resume", page)).content.decode()
    assert "the first refusal puts the page on hold again" in question
    page.refresh_from_db()
    assert page.state == PageState.ON_HOLD
    administrator.post(door("resume", page))
    page.refresh_from_db()
    assert page.state == PageState.ACTIVE
    assert AuditEntry.objects.get(action="page.released").actor is not None


def test_a_page_that_is_not_on_hold_has_nothing_to_resume(administrator: Client) -> None:
    assert said(administrator.post(door("resume", ConnectedPageFactory()))) == ["This page is not on hold."]


@pytest.mark.parametrize("name", ["reconnect", "resume", "check"])
def test_a_page_of_iadvize_is_sent_back(administrator: Client, name: str) -> None:
    response = administrator.post(door(name, LinkedPageFactory()))
    assert said(response) == ["This page is not linked through Facebook."]


@pytest.mark.parametrize("name", ["reconnect", "resume", "check"])
def test_a_page_that_is_gone_is_said_to_be_gone(administrator: Client, name: str) -> None:
    response = administrator.post(reverse(f"admin:pages_page_{name}", args=[4711]))
    assert "4711" in said(response)[0]


def test_the_way_to_facebook_may_be_posted_to(administrator: Client) -> None:
    """Browsers hold a form's redirect to the page's own policy."""
    response = administrator.get(door("reconnect", ConnectedPageFactory()))
    policy = response["Content-Security-Policy"]
    (directive,) = [part for part in policy.split(";") if part.strip().startswith("form-action")]
    assert "'self' http" in directive


def test_reconnecting_goes_to_facebooks_dialog_and_asks_for_everything_again(administrator: Client) -> None:
    response = administrator.post(door("reconnect", ConnectedPageFactory()))
    assert "/dialog/oauth?" in response["Location"]
    assert "auth_type=rerequest" in response["Location"]
