"""Subscriptions, the Messenger profile, and the profiles of people: what is asked, and how the answer is read."""

import pytest

from pages.graph import people, profile, subscriptions
from pages.graph.client import GraphError, GraphUnreachable
from tests.support.graph_api import graph, refuses, says


@pytest.mark.parametrize("success", [True, "true", "True"])
def test_a_page_is_subscribed_to_the_fields(success: object) -> None:
    with graph(says({"success": success})) as far_end:
        subscriptions.subscribe("20001", "token", ["messages", "message_reads"])
    (asked,) = far_end.asked
    assert (asked.method, asked.path) == ("POST", "/v26.0/20001/subscribed_apps")
    assert asked.query["subscribed_fields"] == "messages,message_reads"
    assert asked.headers["authorization"] == "Bearer token"


@pytest.mark.parametrize("said", [{"success": False}, {"success": "false"}, {}, {"result": True}])
def test_what_is_not_confirmed_did_not_happen(said: object) -> None:
    with graph(says(said)), pytest.raises(GraphUnreachable):
        subscriptions.subscribe("20001", "token", ["messages"])


def test_a_page_is_unsubscribed() -> None:
    with graph(says({"success": "true"})) as far_end:
        subscriptions.unsubscribe("20001", "token")
    assert (far_end.asked[0].method, far_end.asked[0].path) == ("DELETE", "/v26.0/20001/subscribed_apps")


def test_only_the_apps_own_fields_count() -> None:
    apps = [
        {"id": "99", "subscribed_fields": ["feed"]},
        {"id": "77001", "name": "ours", "subscribed_fields": ["messages", "message_reads"]},
        {"id": "77001", "subscribed_fields": None},
    ]
    with graph(says({"data": apps})):
        assert subscriptions.fields("20001", "token") == {"messages", "message_reads"}


def test_a_page_that_nobody_subscribed_has_no_fields() -> None:
    with graph(says({"data": []})):
        assert subscriptions.fields("20001", "token") == frozenset()


def test_get_started_is_set_with_its_payload() -> None:
    with graph(says({"result": "success"})) as far_end:
        profile.set_get_started("token")
    (asked,) = far_end.asked
    assert (asked.method, asked.path) == ("POST", "/v26.0/me/messenger_profile")
    assert asked.json == {"get_started": {"payload": "GET_STARTED"}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([{"get_started": {"payload": "GET_STARTED"}}], True),
        ([{"get_started": {"payload": "OTHER"}}], True),
        ([{}], False),
        ([], False),
        (None, False),
        ("text", False),
    ],
)
def test_whether_get_started_is_set(data: object, expected: bool) -> None:
    with graph(says({"data": data})):
        assert profile.has_get_started("token") is expected


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Claire Martin", "first_name": "Claire"}, "Claire Martin"),
        ({"first_name": "Claire", "last_name": "Martin"}, "Claire Martin"),
        ({"first_name": "Claire"}, "Claire"),
        ({}, ""),
    ],
)
def test_a_person_has_the_name_that_facebook_gives(said: dict[str, str], name: str) -> None:
    with graph(says(said | {"id": "7012"})):
        assert people.person("7012", "token").name == name


def test_a_persons_picture_is_a_web_address_or_nothing() -> None:
    with graph(says({"profile_pic": "https://c.example/f.jpg"}), says({"profile_pic": "data:text/html,x"})):
        assert people.person("7012", "token").picture_url == "https://c.example/f.jpg"
        assert people.person("7012", "token").picture_url == ""


def test_somebody_without_a_profile_is_facebooks_refusal() -> None:
    with graph(refuses(2018218)), pytest.raises(GraphError) as refused:
        people.person("7012", "token")
    assert refused.value.code == 2018218
