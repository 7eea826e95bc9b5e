"""The sandbox for scripts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from messenger_admin.sandbox.behaviours import Behaviour, Kind, digest
from messenger_admin.sandbox.rules import load
from messenger_admin.sandbox.store import opened
from tests.support.sandbox import PAGE

MESSAGES = "/sandbox/api/messages"
BEHAVIOURS = "/sandbox/api/behaviours"
Receive = Callable[..., None]


def told(store: Path) -> list[Behaviour]:
    with opened(store) as connection:
        return load(connection)


def customers(answer: Any) -> list[str]:
    return [message["customer_id"] for message in answer.json()["messages"]]


def test_a_message_is_shown_exactly_as_it_was_received(client: Client, receive: Receive) -> None:
    receive(
        customer_id="a/b é",
        body='{ "text":"héllo",\n"n":4.950 }'.encode(),
        behaviour="slow",
        request_id="delivery-7",
        message_id="abc",
    )

    answer = client.get(MESSAGES, {"page_id": PAGE, "customer_id": "a/b é"})

    assert answer.json() == {
        "messages": [
            {
                "id": 1,
                "message_id": "abc",
                "page_id": PAGE,
                "customer_id": "a/b é",
                "body": '{ "text":"héllo",\n"n":4.950 }',
                "json": {"text": "héllo", "n": 4.95},
                "received_at": "2026-09-21T14:13:20.123Z",
                "received_ms": 1_790_000_000_123,
                "status": 202,
                "delivered": True,
                "behaviour": "slow",
                "request_id": "delivery-7",
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize("body", [b"no json", b"\xff", b'{"a":NaN}', b"[" * 5_000])
def test_what_is_no_json_is_shown_as_text_alone(client: Client, receive: Receive, body: bytes) -> None:
    receive(body=body, status=400)

    (message,) = client.get(MESSAGES).json()["messages"]
    assert (message["body"], message["json"]) == (body.decode(errors="replace"), None)


def test_a_message_without_an_answer_has_no_status(client: Client, receive: Receive) -> None:
    receive(status=None)

    assert client.get(MESSAGES).json()["messages"][0]["status"] is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["b", "a", "b", "b"]),
        ({"page_id": "1"}, ["b", "a", "b"]),
        ({"customer_id": "b"}, ["b", "b", "b"]),
        ({"page_id": "1", "customer_id": "b"}, ["b", "b"]),
        ({"page_id": "1", "customer_id": "b", "after": "1"}, ["b"]),
        ({"delivered": "true"}, ["b", "a", "b"]),
        ({"delivered": "false"}, ["b"]),
        ({"customer_id": "B"}, []),
        ({"customer_id": "b "}, []),
    ],
)
def test_messages_are_found_in_the_order_of_receipt(
    client: Client, receive: Receive, asked: dict[str, str], found: list[str]
) -> None:
    for page_id, customer_id, delivered in [("1", "b", True), ("1", "a", True), ("1", "b", True), ("2", "b", False)]:
        receive(page_id=page_id, customer_id=customer_id, delivered=delivered)

    assert customers(client.get(MESSAGES, asked)) == found


def test_next_leads_through_all_of_them_once(client: Client, receive: Receive) -> None:
    for number in range(7):
        receive(customer_id="FR 1/é", request_id=str(number))

    seen, address = [], f"{MESSAGES}?customer_id=FR+1%2F%C3%A9&limit=3"
    while address:
        answer = client.get(address).json()
        seen.append([message["request_id"] for message in answer["messages"]])
        address = answer["next"]

    assert seen == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"after": "-1"}, "after"),
        ({"after": "9" * 30}, "after"),
        ({"delivered": "perhaps"}, "delivered"),
        ({"customer_id": "x" * 256}, "customer_id"),
        ({"customer_id": "a\0b"}, "customer_id"),
        ({"customerid": "x"}, ""),
    ],
)
def test_a_bad_question_is_refused_at_its_field(client: Client, store: Path, asked: dict[str, str], field: str) -> None:
    answer = client.get(MESSAGES, asked)

    assert answer.status_code == 400
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]


def test_an_unknown_name_is_answered_with_the_known_ones(client: Client, store: Path) -> None:
    (problem,) = client.get(MESSAGES, {"customerid": "x"}).json()["errors"]

    assert problem["message"] == (
        "There is no “customerid” here. Known are: page_id, customer_id, after, limit, delivered."
    )


def tell(client: Client, **values: Any) -> Any:
    return client.post(BEHAVIOURS, values, content_type="application/json")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"kind": "slow", "seconds": 1.5}, Behaviour(id=1, kind=Kind.SLOW, seconds=1.5)),
        ({"kind": "drop", "page_id": PAGE}, Behaviour(id=1, kind=Kind.DROP, page_id=PAGE)),
        ({"kind": "hang"}, Behaviour(id=1, kind=Kind.HANG, seconds=120)),
        ({"kind": "hang", "seconds": 0.5}, Behaviour(id=1, kind=Kind.HANG, seconds=0.5)),
        ({"kind": "half", "customer_prefix": " a"}, Behaviour(id=1, kind=Kind.HALF, customer_prefix=" a")),
        ({"kind": "reset", "remaining": 3}, Behaviour(id=1, kind=Kind.RESET, remaining=3)),
        ({"kind": "reset_unread", "status": 500}, Behaviour(id=1, kind=Kind.RESET_UNREAD)),
        ({"kind": "expire_token"}, Behaviour(id=1, kind=Kind.EXPIRE_TOKEN)),
        (
            {"kind": "expire_token", "token": "old"},
            Behaviour(id=1, kind=Kind.EXPIRE_TOKEN, token_sha256=digest("old")),
        ),
        (
            {"kind": "answer", "status": 429, "retry_after": "7"},
            Behaviour(id=1, kind=Kind.ANSWER, status=429, retry_after="7", delivers=False),
        ),
        ({"kind": "answer", "status": 200}, Behaviour(id=1, kind=Kind.ANSWER, status=200)),
        (
            {"kind": "answer", "status": 500, "delivers": True},
            Behaviour(id=1, kind=Kind.ANSWER, status=500, delivers=True),
        ),
        (
            {"kind": "answer", "status": 202, "delivers": False},
            Behaviour(id=1, kind=Kind.ANSWER, status=202, delivers=False),
        ),
        (
            {"kind": "answer", "status": 400, "body": {"meta": {"status": "fail"}}},
            Behaviour(id=1, kind=Kind.ANSWER, status=400, body='{"meta": {"status": "fail"}}', delivers=False),
        ),
        (
            {"kind": "answer", "status": 502, "body": " <h1>é</h1>\n", "page_id": None},
            Behaviour(id=1, kind=Kind.ANSWER, status=502, body=" <h1>é</h1>\n", delivers=False),
        ),
    ],
)
def test_it_can_be_told_anything_that_a_far_end_does(
    client: Client, store: Path, said: dict[str, Any], expected: Behaviour
) -> None:
    assert tell(client, **said).status_code == 201
    assert told(store) == [expected]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "kind"),
        ({"kind": "explode"}, "kind"),
        ({"kind": ["slow"], "seconds": 1}, "kind"),
        ({"kind": "answer"}, "status"),
        ({"kind": "answer", "status": 99}, "status"),
        ({"kind": "answer", "status": 600}, "status"),
        ({"kind": "answer", "status": "teapot"}, "status"),
        ({"kind": "slow"}, "seconds"),
        ({"kind": "slow", "seconds": 601}, "seconds"),
        ({"kind": "slow", "seconds": float("nan")}, "seconds"),
        ({"kind": "drop", "remaining": 0}, "remaining"),
        ({"kind": "drop", "delivers": ["yes"]}, "delivers"),
        ({"kind": "answer", "status": 429, "retry_after": "1\r\nX-Evil: 1"}, "retry_after"),
        ({"kind": "drop", "pageid": "1"}, ""),
    ],
)
def test_what_it_does_not_understand_is_refused_at_its_field(
    client: Client, store: Path, said: dict[str, Any], field: str
) -> None:
    answer = tell(client, **said)

    assert answer.status_code == 400
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]
    assert told(store) == []


@pytest.mark.parametrize("body", [" ", "{", "[]", "3", "[" * 100_000])
def test_only_a_json_object_tells_it_something(client: Client, store: Path, body: str) -> None:
    assert client.post(BEHAVIOURS, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_another_site_could_post_is_refused(store: Path, content_type: str) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(BEHAVIOURS, json.dumps({"kind": "drop"}), content_type=content_type)

    assert (answer.status_code, told(store)) == (415, [])


def test_a_script_needs_no_csrf_token(store: Path) -> None:
    assert tell(Client(enforce_csrf_checks=True), kind="drop").status_code == 201


def test_what_it_was_told_is_listed_without_the_token(client: Client, store: Path) -> None:
    tell(client, kind="expire_token", token="secret")
    tell(client, kind="slow", seconds=2, page_id="7")

    listed = client.get(BEHAVIOURS).json()["behaviours"]
    assert [(told["id"], told["kind"], told["page_id"]) for told in listed] == [
        (1, "expire_token", ""),
        (2, "slow", "7"),
    ]
    assert digest("secret") not in json.dumps(listed)


@pytest.mark.parametrize(("asked", "left"), [("?id=1", [2]), ("?id=9", [1, 2]), ("", [])])
def test_one_or_all_are_taken_back(client: Client, store: Path, asked: str, left: list[int]) -> None:
    tell(client, kind="drop")
    tell(client, kind="half")

    answer = client.delete(BEHAVIOURS + asked)

    assert answer.json() == {"removed": 2 - len(left)}
    assert [one.id for one in told(store)] == left


def test_a_misspelt_removal_removes_nothing(client: Client, store: Path) -> None:
    tell(client, kind="drop")

    assert client.delete(f"{BEHAVIOURS}?ids=1").status_code == 400
    assert len(told(store)) == 1


def test_every_kind_is_explained_in_the_documentation() -> None:
    explained = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text()

    assert [kind for kind in Kind if f"| `{kind}` |" not in explained] == []
