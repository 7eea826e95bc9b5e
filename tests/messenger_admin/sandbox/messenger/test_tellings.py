"""The Send API as it is told to be: any error, silence, half an answer, throttled, for one part alone."""

import json
import time
from typing import Any

import pytest
import requests

from messenger_admin.sandbox.behaviours import Kind, Side
from tests.support.messenger_sandbox import App, Messenger, wait_until
from tests.support.sandbox import FarEnd

# Code, subcode and HTTP's status (Messenger Platform, "Error codes"; Graph API, "Handling errors").
ERRORS = [
    (1, 99, 500),
    (2, 0, 500),
    (4, 0, 403),
    (9, 2018352, 400),
    (10, 0, 403),
    (10, 1893063, 403),
    (17, 0, 403),
    (32, 0, 403),
    (100, 2018008, 400),
    (100, 2018109, 400),
    (190, 460, 401),
    (200, 1545041, 403),
    (230, 0, 403),
    (368, 0, 403),
    (551, 1545041, 400),
    (613, 0, 403),
    (613, 2018338, 403),
    (1200, 0, 500),
    (80006, 0, 403),
    (4711, 0, 400),
]


@pytest.mark.parametrize(("code", "subcode", "status"), ERRORS)
def test_any_error_can_be_told(page: Messenger, code: int, subcode: int, status: int) -> None:
    page.tell(Kind.GRAPH_ERROR, code=code, subcode=subcode, delivers=False)

    said = page.send(page.person().psid)

    assert (said.status, said.error) == (status, (code, subcode))
    assert said.json["error"]["fbtrace_id"]
    assert page.texts(page.person()) == []


def test_a_message_that_was_sent_although_it_says_otherwise(page: Messenger) -> None:
    page.subscribe()
    claire = page.person()
    page.tell(Kind.GRAPH_ERROR, code=1, subcode=1357046, delivers=True)

    assert page.send(claire.psid).error == (1, 1357046)

    assert page.texts(claire) == ["Bonjour"]
    assert [entry.field for entry in page.outbox()] == ["message_echoes", "message_deliveries"]


def test_nobodys_phone_shows_what_facebook_would_not_take(page: Messenger) -> None:
    claire = page.person(ago=None)
    page.tell(Kind.GRAPH_ERROR, code=1, delivers=True)

    page.send(claire.psid)

    assert page.texts(claire) == []


def test_throttled_says_when_it_is_over(page: Messenger) -> None:
    page.tell(Kind.THROTTLED, code=80006, regain=7, delivers=False)

    said = page.send(page.person().psid)

    assert said.error == (80006, 0)
    (business,) = json.loads(said.headers["X-Business-Use-Case-Usage"])[page.page_id]
    assert (business["call_count"], business["estimated_time_to_regain_access"]) == (100, 7)


def test_usage_can_be_told_of_messages_that_are_taken(page: Messenger) -> None:
    page.tell(Kind.USAGE, usage=96)

    said = page.send(page.person().psid)

    assert said.status == 200
    assert json.loads(said.headers["X-App-Usage"])["call_count"] == 96


def test_any_status_can_be_told(page: Messenger) -> None:
    page.tell(Kind.ANSWER, status=503, retry_after="30", delivers=True)

    answer = requests.post(
        f"{page.far_end.url}/v26.0/me/messages",
        headers={"Authorization": f"Bearer {page.token}"},
        json={"recipient": {"id": page.person().psid}, "messaging_type": "UPDATE", "message": {"text": "Hi"}},
        timeout=30,
    )

    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (503, "30", b"")
    assert page.texts(page.person()) == ["Hi"]


@pytest.mark.parametrize(
    ("kind", "delivered"),
    [(Kind.DROP, True), (Kind.RESET, True), (Kind.HALF, True), (Kind.RESET_UNREAD, False)],
)
def test_a_connection_that_breaks_leaves_the_truth_on_record(page: Messenger, kind: Kind, delivered: bool) -> None:
    claire = page.person()
    page.tell(kind)

    with pytest.raises(requests.RequestException):
        page.send(claire.psid)

    assert page.texts(claire) == (["Bonjour"] if delivered else [])
    assert [one.status for one in page.far_end.received()] == [None] * delivered


def test_silence_ends_after_its_time(page: Messenger) -> None:
    page.tell(Kind.HANG, seconds=0.3)
    begun = time.monotonic()

    with pytest.raises(requests.ConnectionError):
        page.send(page.person().psid)

    assert time.monotonic() - begun >= 0.3


def test_slow_is_answered_in_the_end(page: Messenger) -> None:
    page.tell(Kind.SLOW, seconds=0.3)
    begun = time.monotonic()

    assert page.send(page.person().psid).status == 200
    assert time.monotonic() - begun >= 0.3


def test_a_message_can_arrive_twice(page: Messenger) -> None:
    claire = page.person()
    page.tell(Kind.TWICE, remaining=1)

    page.send(claire.psid)
    page.send(claire.psid, {"text": "once"})

    assert page.texts(claire) == ["Bonjour", "Bonjour", "once"]


def test_the_second_part_alone_can_be_refused(page: Messenger) -> None:
    claire = page.person()
    page.tell(Kind.GRAPH_ERROR, code=100, delivers=False, contains='"metadata":"ma1:x:7:1"')

    first = page.send(claire.psid, {"text": "one", "metadata": "ma1:x:7:0"})
    second = json_post(page, claire.psid, {"text": "two", "metadata": "ma1:x:7:1"})

    assert (first.status, second.status_code) == (200, 400)
    assert page.texts(claire) == ["one"]


def json_post(page: Messenger, psid: str, message: Any) -> requests.Response:
    """Without blanks, as the product writes its bodies."""
    body = json.dumps(
        {"recipient": {"id": psid}, "messaging_type": "UPDATE", "message": message}, separators=(",", ":")
    )
    headers = {"Authorization": f"Bearer {page.token}", "Content-Type": "application/json"}
    return requests.post(f"{page.far_end.url}/v26.0/me/messages", data=body, headers=headers, timeout=30)


def test_the_nth_request_can_be_refused(page: Messenger) -> None:
    claire = page.person()
    page.tell(Kind.TEMPORARY, delivers=False, skip=2, remaining=1)

    assert [page.send(claire.psid).status for _request in range(4)] == [200, 200, 500, 200]


def test_a_telling_can_be_for_one_person(page: Messenger) -> None:
    claire, john = page.person("claire"), page.person("john")
    page.tell(Kind.GRAPH_ERROR, code=551, subcode=1545041, customer_prefix=john.psid)

    assert page.send(claire.psid).status == 200
    assert page.send(john.psid).error == (551, 1545041)


@pytest.mark.parametrize("kind", [Kind.TOKEN_DIES, Kind.EXPIRE_TOKEN])
def test_a_token_dies_for_good(page: Messenger, kind: Kind) -> None:
    claire = page.person()
    page.tell(kind, subcode=460, delivers=False)
    assert page.send(claire.psid).error == (190, 460)

    assert page.send(claire.psid).error == (190, 460)
    assert page.texts(claire) == []


def test_tellings_of_the_other_sides_leave_the_send_api_alone(page: Messenger, sandbox: FarEnd) -> None:
    sandbox.tell(Kind.ANSWER, status=500)
    sandbox.tell(Kind.TEMPORARY, side=Side.GRAPH)

    assert page.send(page.person().psid).status == 200


def test_an_echo_can_come_before_the_answer(page: Messenger, listening: App) -> None:
    page.subscribe("message_echoes")
    page.manner(echo_first=True)

    assert page.send(page.person().psid).status == 200
    answered = time.time()

    listening.wait(1)
    assert listening.at[0] < answered
    wait_until(lambda: page.far_end.received()[0].status == 200, "the answer on record")
