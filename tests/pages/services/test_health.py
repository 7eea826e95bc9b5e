"""Looking after a page on Facebook: what is written down, what holds it, and what is put right."""

from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from pages.models import Connection, Incident, Page
from pages.models.incident import IncidentKind
from pages.services.health import check
from pages.services.incidents import hold_page
from pages.states import PageState
from tests.factories import ConnectedPageFactory, LinkedPageFactory
from tests.support.graph_api import APP, WELL, error, graph, routed

pytestmark = pytest.mark.django_db

FIELDS = ["messages", "messaging_postbacks"]
OURS = {"data": [{"id": APP["FACEBOOK_APP_ID"], "subscribed_fields": FIELDS}]}
HEALTHY: dict[tuple[str, str], object] = {
    ("GET", "subscribed_apps"): OURS,
    ("GET", "me/messenger_profile"): {"data": [{"get_started": {"payload": "GET_STARTED"}}]},
}


def checked(page: Page, told: dict[tuple[str, str], object] | None = None) -> Connection:
    with graph(routed(HEALTHY | (told or {})), WEBHOOK_FIELDS=FIELDS):
        found = check(page, timezone.now())
    assert found
    page.refresh_from_db()
    return found


def token(**changes: object) -> dict[tuple[str, str], object]:
    well: Any = WELL["GET", "debug_token"]
    return {("GET", "debug_token"): {"data": {**well["data"], **changes}}}


def incidents() -> list[tuple[str, str]]:
    return list(Incident.objects.filter(closed_at=None).values_list("kind", "detail"))


def test_a_healthy_page_is_looked_at_and_left_alone() -> None:
    page = ConnectedPageFactory()
    with graph(routed(HEALTHY), WEBHOOK_FIELDS=FIELDS) as far_end:
        found = check(page, timezone.now())
    assert found
    assert (found.token_is_valid, found.missing_permissions, found.missing_fields) == (True, [], [])
    assert (found.has_get_started, found.check_error, found.checked_at is not None) == (True, "", True)
    assert {asked.method for asked in far_end.asked} == {"GET"}


def test_a_dead_token_holds_the_page_with_one_incident_however_often_it_is_looked_at() -> None:
    page = ConnectedPageFactory()
    dead = token(is_valid=False, error={"code": 190, "message": "Password changed."})
    checked(page, dead)
    found = checked(page, dead)
    assert (page.state, found.token_is_valid) == (PageState.ON_HOLD, False)
    assert incidents() == [(IncidentKind.TOKEN_REFUSED, "Password changed.")]


def test_a_token_that_dies_between_two_questions_holds_the_page_too() -> None:
    page = ConnectedPageFactory()
    assert checked(page, {("GET", "subscribed_apps"): error(190)}).token_is_valid is False
    assert incidents()[0][0] == IncidentKind.TOKEN_REFUSED


def test_a_page_without_a_token_is_held_and_facebook_is_not_asked() -> None:
    page = ConnectedPageFactory(token="")
    with graph(routed()) as far_end:
        check(page, timezone.now())
    assert far_end.asked == []
    assert incidents() == [(IncidentKind.NO_TOKEN, "")]


def test_a_needed_permission_that_was_taken_away_holds_the_page() -> None:
    page = ConnectedPageFactory()
    found = checked(page, token(scopes=["pages_show_list", "pages_manage_metadata"]))
    assert "pages_messaging" in found.missing_permissions
    assert incidents() == [(IncidentKind.MISSING_PERMISSION, "pages_messaging")]


def test_a_permission_for_other_pages_alone_is_missing() -> None:
    page = ConnectedPageFactory(page_id="20001")
    checked(page, token(granular_scopes=[{"scope": "pages_messaging", "target_ids": ["666"]}]))
    assert page.state == PageState.ON_HOLD


def test_what_is_only_nice_to_have_is_written_down_and_holds_nothing() -> None:
    page = ConnectedPageFactory()
    found = checked(page, token(scopes=["pages_show_list", "pages_manage_metadata", "pages_messaging"]))
    assert "pages_utility_messaging" in found.missing_permissions
    assert page.state == PageState.ACTIVE


def test_a_lost_subscription_is_asked_for_again() -> None:
    page = ConnectedPageFactory()
    with graph(routed(HEALTHY | {("GET", "subscribed_apps"): {"data": []}}), WEBHOOK_FIELDS=FIELDS) as far_end:
        found = check(page, timezone.now())
    posted = [asked for asked in far_end.asked if asked.method == "POST"]
    assert [asked.query["subscribed_fields"] for asked in posted] == ["messages,messaging_postbacks"]
    assert found
    assert found.missing_fields == []


def test_a_field_that_was_added_to_the_settings_is_subscribed() -> None:
    page = ConnectedPageFactory()
    with graph(routed(HEALTHY), WEBHOOK_FIELDS=[*FIELDS, "standby"]) as far_end:
        check(page, timezone.now())
    assert [asked.method for asked in far_end.asked].count("POST") == 1


def test_without_its_events_a_page_is_held_and_goes_on_once_they_come() -> None:
    page = ConnectedPageFactory()
    none: dict[tuple[str, str], object] = {("GET", "subscribed_apps"): {"data": []}}
    found = checked(page, none | {("POST", "subscribed_apps"): error(1)})
    assert (page.state, found.missing_fields) == (PageState.ON_HOLD, FIELDS)
    assert incidents()[0][0] == IncidentKind.NOT_SUBSCRIBED
    checked(page, none)
    assert (page.state, incidents()) == (PageState.ACTIVE, [])


def test_a_field_that_facebook_refuses_holds_no_page_that_hears_its_customers() -> None:
    page = ConnectedPageFactory()
    told = HEALTHY | {("POST", "subscribed_apps"): error(100)}
    with graph(routed(told), WEBHOOK_FIELDS=[*FIELDS, "standby"]):
        found = check(page, timezone.now())
    page.refresh_from_db()
    assert found
    assert (page.state, found.missing_fields, found.check_error) == (PageState.ACTIVE, ["standby"], "100: No.")


def test_a_configuration_decides_what_was_asked_for() -> None:
    page = ConnectedPageFactory()
    vital = token(scopes=["pages_manage_metadata", "pages_messaging"])
    with graph(routed(HEALTHY | vital), WEBHOOK_FIELDS=FIELDS, FACEBOOK_CONFIG_ID="4711"):
        found = check(page, timezone.now())
    assert found
    assert found.missing_permissions == []


def test_get_started_that_is_missing_is_set() -> None:
    page = ConnectedPageFactory()
    told = HEALTHY | {("GET", "me/messenger_profile"): {"data": []}}
    with graph(routed(told), WEBHOOK_FIELDS=FIELDS) as far_end:
        check(page, timezone.now())
    assert [asked.json for asked in far_end.asked if asked.method == "POST"] == [
        {"get_started": {"payload": "GET_STARTED"}}
    ]


@pytest.mark.parametrize("said", [None, error(2), error(4), {"data": "nonsense"}])
def test_while_facebook_is_out_of_order_nothing_is_concluded(said: object) -> None:
    page = ConnectedPageFactory()
    found = checked(page, {("GET", "debug_token"): said})
    assert (page.state, found.token_is_valid) == (PageState.ACTIVE, True)
    assert found.check_error


def test_a_token_that_holds_again_does_not_let_a_held_page_go_by_itself() -> None:
    page = ConnectedPageFactory()
    hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
    assert checked(page).token_is_valid is True
    assert page.state == PageState.ON_HOLD


def test_a_restricted_page_stays_restricted() -> None:
    page = ConnectedPageFactory()
    hold_page(page=page, kind=IncidentKind.RESTRICTED, detail="", now=timezone.now())
    none: dict[tuple[str, str], object] = {("GET", "subscribed_apps"): {"data": []}}
    checked(page, none | {("POST", "subscribed_apps"): error(1)})
    checked(page, none)
    assert incidents() == [(IncidentKind.RESTRICTED, "")]


def test_the_picture_follows_and_the_name_that_was_given_here_stays() -> None:
    page = ConnectedPageFactory(name="Ours", page_id="20001")
    profile = {"id": "20001", "name": "Theirs", "picture": {"data": {"url": "https://c.example/new.jpg"}}}
    checked(page, {("GET", "20001"): profile})
    assert (page.name, page.picture_url) == ("Ours", "https://c.example/new.jpg")


@pytest.mark.django_db(transaction=True)
def test_the_sign_of_life_that_a_webhook_wrote_meanwhile_is_kept() -> None:
    page, now = ConnectedPageFactory(), timezone.now()

    def meanwhile(_asked: object) -> object:
        Connection.objects.update(last_event_at=now)
        connections.close_all()  # this is the far end's thread
        return OURS

    assert checked(page, {("GET", "subscribed_apps"): meanwhile}).last_event_at == now


def test_a_page_of_iadvize_has_nothing_to_check() -> None:
    assert check(LinkedPageFactory(), timezone.now()) is None
