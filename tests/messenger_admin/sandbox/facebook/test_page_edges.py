"""What hangs on a page: its subscription, its profile in Messenger, and who wrote to it."""

from typing import Any

import pytest
from django.conf import settings

from messenger_admin.sandbox.facebook import profiles, subscriptions
from messenger_admin.sandbox.facebook.accounts import page_of
from messenger_admin.sandbox.facebook.cast import ATELIER, BOULANGERIE, LIBRAIRIE
from messenger_admin.sandbox.messenger import people as messenger
from messenger_admin.sandbox.store import opened
from tests.messenger_admin.sandbox.facebook.conftest import PageToken
from tests.support.graph_sandbox import Graph
from tests.support.sandbox import FarEnd

APPS = f"{ATELIER.page_id}/subscribed_apps"
PROFILE = "me/messenger_profile"
GET_STARTED = {"get_started": {"payload": "GET_STARTED"}}
ALL = list(settings.FACEBOOK_SCOPES)


def without(*scopes: str) -> list[str]:
    return [scope for scope in ALL if scope not in scopes]


def test_every_field_of_the_settings_can_be_subscribed(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    token = of_page()

    assert graph.post(APPS, token, subscribed_fields=",".join(settings.WEBHOOK_FIELDS)).json == {"success": True}
    (app,) = graph.get(APPS, token).json["data"]
    assert (app["id"], app["subscribed_fields"]) == (settings.FACEBOOK_APP_ID, settings.WEBHOOK_FIELDS)
    with opened(sandbox.store) as store:
        assert subscriptions.fields_of(store, ATELIER.page_id) == settings.WEBHOOK_FIELDS


def test_a_subscription_replaces_the_one_before_and_ends(graph: Graph, of_page: PageToken) -> None:
    token = of_page()
    for fields in ("messages,message_reads", '["messages"]'):
        graph.post(APPS, token, subscribed_fields=fields)

    assert graph.get(APPS, token).json["data"][0]["subscribed_fields"] == ["messages"]
    assert graph.delete(APPS, token).json == {"success": True}
    assert graph.get(APPS, token).json == {"data": []}


@pytest.mark.parametrize(
    ("granted", "fields", "status", "error"),
    [
        ({}, "", 400, (100, 0)),
        ({}, "messages,likes", 400, (100, 0)),
        ({"scopes": without("pages_manage_metadata")}, "messages", 403, (200, 0)),
        ({"scopes": without("pages_messaging")}, "messages", 403, (230, 0)),
        ({"scopes": without("pages_messaging")}, "feed", 200, (0, 0)),
        ({"page_ids": [LIBRAIRIE.page_id]}, "messages", 403, (10, 0)),
    ],
)
def test_a_subscription_needs_permissions_and_known_fields(
    graph: Graph, of_page: PageToken, granted: dict[str, Any], fields: str, status: int, error: tuple[int, int]
) -> None:
    said = graph.post(APPS, of_page(**granted), subscribed_fields=fields)

    assert (said.status, said.error) == (status, error)


def test_a_page_without_the_task_can_be_neither_heard_nor_dressed(graph: Graph, of_page: PageToken) -> None:
    token = of_page(BOULANGERIE.page_id)

    refused = graph.post("me/subscribed_apps", token, subscribed_fields="messages")
    assert (refused.error, "MODERATE" in refused.json["error"]["message"]) == ((200, 0), True)
    refused = graph.post(PROFILE, token, json=GET_STARTED)
    assert (refused.error, "MESSAGING" in refused.json["error"]["message"]) == ((200, 0), True)


def test_a_persons_token_or_another_pages_is_not_the_pages(graph: Graph, token: str, of_page: PageToken) -> None:
    assert graph.get(APPS, token).error == (210, 0)
    assert graph.get(APPS, of_page(LIBRAIRIE.page_id)).error == (100, 33)


def test_a_living_page_token_names_its_page(sandbox: FarEnd, token: str, of_page: PageToken) -> None:
    with opened(sandbox.store) as store:
        assert [page_of(store, one) for one in (of_page(), token, "none")] == [ATELIER.page_id, None, None]


def test_get_started_is_set_read_and_erased(graph: Graph, of_page: PageToken) -> None:
    token = of_page()

    assert graph.get(PROFILE, token, fields="get_started").json == {"data": []}
    assert graph.post(PROFILE, token, json=GET_STARTED).json == {"result": "success"}
    by_id = graph.get(f"{ATELIER.page_id}/messenger_profile", token, fields="get_started,greeting")
    assert by_id.json == {"data": [GET_STARTED]}
    assert graph.delete(PROFILE, token, json={"fields": ["get_started"]}).json == {"result": "success"}
    assert graph.get(PROFILE, token, fields="get_started").json == {"data": []}


def test_a_profile_holds_greeting_and_domains_at_once(graph: Graph, of_page: PageToken) -> None:
    token = of_page()
    written = {
        **GET_STARTED,
        "greeting": [{"locale": "default", "text": "Hello"}, {"locale": "fr_FR", "text": "Bonjour à tous"}],
        "whitelisted_domains": ["https://shop.example"],
    }

    graph.post(PROFILE, token, json=written)

    assert graph.get(PROFILE, token, fields=",".join(written)).json == {"data": [written]}
    assert graph.get(PROFILE, token, fields="subject_to_new_eu_privacy_rules").json["data"]


@pytest.mark.parametrize(
    ("method", "sent", "error"),
    [
        ("POST", {}, (100, 0)),
        ("POST", {"get_started": {}}, (100, 0)),
        ("POST", {"get_started": "GET_STARTED"}, (100, 0)),
        ("POST", {"get_started": {"payload": "x" * 1_001}}, (100, 0)),
        ("POST", {"greeting": []}, (100, 0)),
        ("POST", {"greeting": [{"locale": "fr_FR", "text": "Bonjour"}]}, (100, 0)),
        ("POST", {"greeting": [{"locale": "default", "text": "x" * 161}]}, (100, 0)),
        ("POST", {"whitelisted_domains": ["http://shop.example"]}, (100, 2018062)),
        ("POST", {"whitelisted_domains": ["https://shop.example/path"]}, (100, 2018062)),
        ("POST", {"whitelisted_domains": "https://shop.example"}, (100, 0)),
        ("POST", {"whitelisted_domains": [f"https://s{n}.example" for n in range(51)]}, (100, 0)),
        ("POST", {"ice_breakers": [{"question": "?", "payload": "P"}] * 5}, (100, 0)),
        ("POST", {"persistent_menu": [{"locale": "default", "call_to_actions": []}]}, (100, 0)),
        ("DELETE", {}, (100, 0)),
        ("DELETE", {"fields": ["shoes"]}, (100, 0)),
        ("GET", {}, (100, 0)),
        ("GET", {"fields": "shoes"}, (100, 0)),
    ],
)
def test_a_profile_that_is_none_is_refused(
    graph: Graph, of_page: PageToken, method: str, sent: dict[str, Any], error: tuple[int, int]
) -> None:
    options: dict[str, Any] = {"params": sent} if method == "GET" else {"json": sent}

    assert graph.call(method, PROFILE, of_page(), **options).error == error


def test_a_profile_takes_ten_calls_in_ten_minutes_for_each_page(
    graph: Graph, of_page: PageToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, other = of_page(), of_page(LIBRAIRIE.page_id)

    said = [graph.get(PROFILE, token, fields="get_started") for _ in range(11)]
    assert [one.status for one in said] == [200] * 10 + [403]
    assert said[-1].error == (613, 0)
    assert graph.get(PROFILE, other, fields="get_started").status == 200
    monkeypatch.setattr(profiles, "SECONDS", 0)
    assert graph.get(PROFILE, token, fields="get_started").status == 200


def test_a_page_reads_who_wrote_to_it_and_nobody_else(sandbox: FarEnd, graph: Graph, of_page: PageToken) -> None:
    with opened(sandbox.store) as store:
        psid = messenger.met(store, "claire", ATELIER.page_id, now=1.0).psid
    asked = {"fields": "name,first_name,last_name,profile_pic"}

    said = graph.get(psid, of_page(), **asked).json
    assert (said["id"], said["name"], said["first_name"]) == (psid, "Claire Martin", "Claire")
    assert said["profile_pic"].startswith("http")
    assert graph.get(psid, of_page(LIBRAIRIE.page_id), **asked).error == (100, 33)
    assert graph.get(psid, of_page(scopes=without("pages_messaging")), **asked).error == (230, 0)
