"""Messenger for scripts: people, acts, webhooks and their manner, as JSON."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from messenger_admin.sandbox.facebook import profiles, subscriptions
from messenger_admin.sandbox.messenger import people
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import opened
from tests.support.messenger_sandbox import EVERYTHING, PAGE_ID

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire(store: Path) -> Contact:
    with opened(store) as connection:
        subscriptions.subscribe(connection, PAGE_ID, EVERYTHING)
        profiles.write(connection, PAGE_ID, {"get_started": {"payload": "GET_STARTED"}})
        return people.met(connection, "claire", PAGE_ID, now=time.time())


def post(client: Client, path: str, **data: Any) -> Any:
    return client.post(f"/sandbox/api/{path}", json.dumps(data), content_type="application/json")


def act(client: Client, contact: Contact, name: str, **more: Any) -> Any:
    return post(client, "acts", psid=contact.psid, act=name, **more)


def told(client: Client) -> list[Any]:
    found: list[Any] = client.get("/sandbox/api/webhooks").json()["webhooks"]
    return found[::-1]


def test_somebody_arrives_by_name_and_begins(client: Client, claire: Contact) -> None:
    arrived = post(client, "acts", person="claire", page_id=PAGE_ID, act="arrive", ref="t_1")
    assert arrived.status_code == 201
    assert arrived.json() == {"psid": claire.psid, "page_id": PAGE_ID, "done": True, "act": None}

    begun = act(client, claire, "get_started").json()

    assert begun["act"]["kind"] == "tapped"
    (entry,) = told(client)
    assert entry["event"]["postback"]["referral"]["ref"] == "t_1"


def test_everything_that_somebody_does_is_told(client: Client, claire: Contact) -> None:
    for name, more in (
        ("write", {"text": "Bonjour"}),
        ("write", {"picture": "https://cdn.example/1.jpg"}),
        ("quick_reply", {"text": "Oui", "payload": "YES"}),
        ("postback", {"title": "Aide", "payload": "HELP"}),
        ("react", {"mid": "m_1", "emoji": "❤"}),
        ("arrive", {"ref": "t_2"}),
    ):
        assert act(client, claire, name, **more).status_code == 201

    assert [entry["field"] for entry in told(client)] == [
        "messages",
        "messages",
        "messages",
        "messaging_postbacks",
        "message_reactions",
        "messaging_referrals",
    ]
    kinds = [one["kind"] for one in client.get("/sandbox/api/acts", {"psid": claire.psid}).json()["acts"]]
    assert kinds == ["wrote", "wrote", "wrote", "tapped", "reacted", "came"]


def test_switches_of_a_phone(client: Client, claire: Contact) -> None:
    def contact() -> Any:
        return client.get("/sandbox/api/people", {"page_id": PAGE_ID}).json()["contacts"][0]

    act(client, claire, "block")
    act(client, claire, "mute")
    act(client, claire, "reads_off")
    assert contact()["blocked_at"]
    assert contact()["muted_at"]
    assert contact()["reads"] is False

    for name in ("unblock", "unmute", "reads_on"):
        act(client, claire, name)
    assert (contact()["blocked_at"], contact()["muted_at"], contact()["reads"]) == (None, None, True)


@pytest.mark.parametrize(
    ("data", "status", "field"),
    [
        ({"act": "dance", "psid": "7"}, 400, "act"),
        ({"act": "write", "psid": "7", "text": "x"}, 404, "psid"),
        ({"act": "write", "person": "nobody", "page_id": PAGE_ID, "text": "x"}, 404, "psid"),
        ({"act": "write", "text": "x"}, 400, "psid"),
        ({"act": "write", "psid": "7"}, 400, "text"),
        ({"act": "write", "psid": "7", "text": "a" * 2_001}, 400, "text"),
        ({"act": "write", "psid": "7", "picture": "javascript:alert(1)"}, 400, "picture"),
        ({"act": "postback", "psid": "7", "title": "x"}, 400, "payload"),
        ({"act": "quick_reply", "psid": "7", "payload": "x"}, 400, "text"),
        ({"act": "react", "psid": "7"}, 400, "mid"),
        ({"act": "arrive", "psid": "7", "ref": "a b"}, 400, "ref"),
        ({"act": "read", "psid": "7", "colour": "red"}, 400, ""),
    ],
)
@pytest.mark.usefixtures("claire")
def test_what_nobody_can_do_is_refused_with_its_field(client: Client, data: Any, status: int, field: str) -> None:
    answer = post(client, "acts", **data)

    assert answer.status_code == status
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_who_blocked_the_page_cannot_write(client: Client, claire: Contact) -> None:
    act(client, claire, "block")

    assert act(client, claire, "write", text="x").status_code == 409


def test_only_json_is_taken(client: Client, claire: Contact) -> None:
    data = {"psid": claire.psid, "act": "write", "text": "x"}

    for path in ("acts", "people", "webhooks", "manners"):
        assert client.post(f"/sandbox/api/{path}", data).status_code == 415
        assert client.post(f"/sandbox/api/{path}", "[", content_type="application/json").status_code == 400


@pytest.mark.usefixtures("claire")
def test_somebody_new_and_a_crowd(client: Client) -> None:
    assert post(client, "people", id="lea", name="Léa Petit").json()["last_name"] == "Petit"
    assert len(post(client, "people", page_id=PAGE_ID, count=20).json()["psids"]) == 20

    answer = client.get("/sandbox/api/people", {"q": "visitor 7"}).json()
    assert [one["person"]["name"] for one in answer["contacts"]] == ["Visitor 7"]
    assert "Léa Petit" in [one["name"] for one in answer["people"]]
    assert post(client, "people", id="lea").status_code == 400


def test_the_outbox_is_listed_filtered_and_cleared(client: Client, claire: Contact) -> None:
    for text in "abc":
        act(client, claire, "write", text=text)

    newest = client.get("/sandbox/api/webhooks?limit=2&state=waiting").json()
    assert [one["event"]["message"]["text"] for one in newest["webhooks"]] == ["c", "b"]
    assert newest["waiting"] == 3
    older = client.get("/sandbox/api/webhooks", {"before": newest["webhooks"][-1]["id"]}).json()
    assert len(older["webhooks"]) == 1
    assert client.get("/sandbox/api/webhooks", {"state": "lost"}).status_code == 400
    assert client.delete("/sandbox/api/webhooks").json() == {"removed": 3}
    assert told(client) == []


@pytest.mark.usefixtures("claire")
def test_any_event_can_be_told(client: Client) -> None:
    event = {"recipient": {"id": PAGE_ID}, "policy_enforcement": {"action": "block", "reason": "spam"}}

    said = post(client, "webhooks", page_id=PAGE_ID, field="messaging_policy_enforcement", event=event)

    assert (said.status_code, said.json()) == (201, {"posts": 1})
    assert told(client)[0]["event"] == event
    assert post(client, "webhooks", page_id=PAGE_ID, field="messages", event=[]).status_code == 400
    assert post(client, "webhooks", page_id=PAGE_ID, field="gossip", event={}).status_code == 400


@pytest.mark.usefixtures("store")
def test_the_manner_is_told_for_a_page_or_for_all(client: Client) -> None:
    assert post(client, "manners", shuffle=True, batch=1_000).json()["batch"] == 1_000
    assert post(client, "manners", page_id=PAGE_ID, read="never").json()["shuffle"] is True

    found = client.get("/sandbox/api/manners").json()
    assert found["usual"]["read"] == "looked"
    assert found["pages"][PAGE_ID]["read"] == "never"
    assert client.delete(f"/sandbox/api/manners?page_id={PAGE_ID}").json() == {"removed": 1}
    assert client.delete("/sandbox/api/manners").json() == {"removed": 1}
    assert client.get("/sandbox/api/manners").json()["usual"]["shuffle"] is False


@pytest.mark.parametrize("wrong", [{"batch": 0}, {"batch": 1_001}, {"wait": -1}, {"read": "maybe"}, {"speed": 3}])
@pytest.mark.usefixtures("store")
def test_a_manner_that_is_none_is_refused(client: Client, wrong: Any) -> None:
    assert post(client, "manners", **wrong).status_code == 400
