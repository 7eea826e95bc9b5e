"""Whoever removes the app or asks to be forgotten is obeyed at once, and can read it."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pages.models import AuditEntry, Connection, FacebookLogin, FacebookRequest, Page
from pages.models.incident import IncidentKind
from pages.states import GatewayKind, PageState
from tests.factories import PageFactory, UserFactory
from tests.pages.test_signed_requests import signed

pytestmark = pytest.mark.django_db

PERSON, ANOTHER = "218471", "555"


def connected(person: str) -> Page:
    page = PageFactory(gateway=GatewayKind.META, token="EAA-token")
    Connection.objects.create(
        page=page, facebook_user_id=person, facebook_user_name="Claire Martin", connected_at=timezone.now()
    )
    return page


def ask(client: Client, name: str, *, person: str = PERSON, issued_at: float | None = None) -> dict[str, str]:
    said = {"algorithm": "HMAC-SHA256", "issued_at": issued_at or timezone.now().timestamp(), "user_id": person}
    raw = signed(said, secret=settings.FACEBOOK_APP_SECRET)
    answer = client.post(reverse(name), {"signed_request": raw})
    assert answer.status_code == 200
    told: dict[str, str] = json.loads(answer.content)
    return told


def test_removing_the_app_takes_the_tokens_of_that_person_alone(client: Client) -> None:
    page, other = connected(PERSON), connected(ANOTHER)
    ask(client, "facebook_deauthorise")
    page.refresh_from_db()
    other.refresh_from_db()
    assert (page.token, page.state) == ("", PageState.ON_HOLD)
    assert page.incidents.get().kind == IncidentKind.DISCONNECTED
    assert (other.token, other.state) == ("EAA-token", PageState.ACTIVE)
    assert AuditEntry.objects.filter(action="page.disconnected", subject=f"pages.page:{page.pk}").exists()


def test_a_walk_through_the_dialog_ends_with_it(client: Client) -> None:
    now = timezone.now()
    login = FacebookLogin.objects.create(
        state_sha256="1", session_sha256="2", user=UserFactory(), begun_at=now, expires_at=now,
        facebook_user_id=PERSON, offered='[{"access_token": "EAA"}]',
    )  # fmt: skip
    ask(client, "facebook_deauthorise")
    login.refresh_from_db()
    assert login.ended_at
    assert not login.offered


def test_deletion_leaves_nothing_that_names_the_person(client: Client) -> None:
    page = connected(PERSON)
    now = timezone.now()
    FacebookLogin.objects.create(
        state_sha256="1", session_sha256="2", user=UserFactory(), begun_at=now, expires_at=now, facebook_user_id=PERSON
    )
    ask(client, "facebook_deauthorise")
    ask(client, "facebook_data_deletion")
    connection = Connection.objects.get(page=page)
    assert (connection.facebook_user_id, connection.facebook_user_name) == ("", "")
    assert not FacebookLogin.objects.exists()
    assert not FacebookRequest.objects.exclude(facebook_user_id="").exists()


def test_deletion_is_answered_with_an_address_that_says_what_was_done(client: Client) -> None:
    connected(PERSON)
    told = ask(client, "facebook_data_deletion")
    assert told["url"].startswith(f"{settings.PUBLIC_URL}/facebook/requests/")
    shown = client.get(told["url"].removeprefix(settings.PUBLIC_URL))
    assert shown.status_code == 200
    assert told["confirmation_code"] in shown.content.decode()
    assert "1 page that was connected by your login" in shown.content.decode()
    assert PERSON not in shown.content.decode()


def test_the_same_request_twice_has_one_code_and_one_effect(client: Client) -> None:
    page, at = connected(PERSON), timezone.now().timestamp()
    first = ask(client, "facebook_data_deletion", issued_at=at)
    assert ask(client, "facebook_data_deletion", issued_at=at) == first
    assert AuditEntry.objects.filter(action="page.disconnected", subject=f"pages.page:{page.pk}").count() == 1


@pytest.mark.parametrize("name", ["facebook_deauthorise", "facebook_data_deletion"])
@pytest.mark.parametrize("raw", [None, "", "forged.request"])
def test_a_forged_request_changes_nothing(client: Client, name: str, raw: str | None) -> None:
    page = connected(PERSON)
    answer = client.post(reverse(name), {"signed_request": raw} if raw is not None else {})
    page.refresh_from_db()
    assert answer.status_code == 400
    assert page.token == "EAA-token"
    assert client.get(reverse(name)).status_code == 405


def test_an_unknown_code_is_not_found(client: Client) -> None:
    assert client.get(reverse("facebook_request", args=["guess"])).status_code == 404
