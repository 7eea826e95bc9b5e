"""The far end does what it is told, to whom it is told, from the next request on."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest

from messenger_admin.sandbox.behaviours import Behaviour, Kind, choose
from messenger_admin.sandbox.messages import Stored
from tests.support.http import Broken, read_answer
from tests.support.sandbox import FarEnd, decoded, request


def outcome(received: list[Stored]) -> list[tuple[int | None, bool, str]]:
    return [(message.status, message.delivered, message.behaviour) for message in received]


def eventually(check: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_slow_accepts_after_its_time(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.SLOW, seconds=0.3)
    began = time.monotonic()

    assert sandbox.post().status == 202
    assert 0.3 <= time.monotonic() - began < 20
    eventually(lambda: outcome(sandbox.received()) == [(202, True, "slow")])


def test_a_sender_that_does_not_wait_leaves_a_message_without_an_answer(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.SLOW, seconds=0.2)
    with sandbox.connect() as connection:
        connection.sendall(request("FR-1", b'{"text":"x"}'))
        eventually(lambda: bool(sandbox.received()))
    time.sleep(0.4)

    assert outcome(sandbox.received()) == [(None, True, "slow")]


def test_a_slow_answer_keeps_its_place_among_pipelined_ones(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.SLOW, seconds=0.2, customer_prefix="slow")
    with sandbox.connect() as connection:
        connection.sendall(request("slow", b"{}") + request("quick", b"{}"))
        links = [decoded(read_answer(connection))["data"]["_link"] for _ in range(2)]

    assert [link.split("/")[7] for link in links] == ["slow", "quick"]


@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 422, 429, 500, 502, 503, 504, 302, 599])
def test_any_status_is_answered_as_told(sandbox: FarEnd, status: int) -> None:
    sandbox.tell(Kind.ANSWER, status=status, delivers=False)

    assert sandbox.post().status == status
    assert outcome(sandbox.received()) == [(status, False, f"answer {status}")]


def test_a_status_without_a_body_has_none(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.ANSWER, status=204)

    answer = sandbox.post()
    assert (answer.status, answer.body, "content-length" in answer.headers) == (204, b"", False)


@pytest.mark.parametrize("retry_after", ["3", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_retry_after_goes_out_as_told(sandbox: FarEnd, retry_after: str) -> None:
    sandbox.tell(Kind.ANSWER, status=429, retry_after=retry_after)

    assert sandbox.post().headers["retry-after"] == retry_after


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("<h1>Bad gateway</h1>", "text/html; charset=utf-8"), ('{"meta":{"status":"fail"}}', "application/json")],
)
def test_the_body_goes_out_as_told(sandbox: FarEnd, body: str, content_type: str) -> None:
    sandbox.tell(Kind.ANSWER, status=502, body=body)

    answer = sandbox.post()
    assert (answer.body.decode(), answer.headers["content-type"]) == (body, content_type)


@pytest.mark.parametrize(("status", "delivers"), [(500, True), (202, False)])
def test_an_answer_can_lie_about_the_delivery(sandbox: FarEnd, status: int, delivers: bool) -> None:
    sandbox.tell(Kind.ANSWER, status=status, delivers=delivers)

    assert sandbox.post().status == status
    assert [message.delivered for message in sandbox.received()] == [delivers]


def test_a_dropped_connection_ends_without_a_byte_after_the_message_was_taken(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.DROP)

    with pytest.raises(Broken) as broken:
        sandbox.post()
    assert broken.value.got == b""
    assert outcome(sandbox.received()) == [(None, True, "drop")]


def test_a_reset_comes_after_the_message_was_taken(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.RESET)

    with pytest.raises(ConnectionResetError):
        sandbox.post()
    assert outcome(sandbox.received()) == [(None, True, "reset")]


def test_a_reset_before_reading_takes_no_message(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.RESET_UNREAD)

    with pytest.raises(ConnectionResetError):
        sandbox.post()
    assert sandbox.received() == []


def test_half_an_answer_stops_in_its_body(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.HALF)

    with pytest.raises(Broken) as broken:
        sandbox.post()
    head, _, body = broken.value.got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 202 Accepted")
    assert 0 < len(body) < int(head.rpartition(b": ")[2])
    assert outcome(sandbox.received()) == [(None, True, "half")]


def test_a_hanging_connection_stays_silent_until_its_cap(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.HANG, seconds=0.6)
    with sandbox.connect() as connection:
        connection.sendall(request("FR-1", b'{"text":"x"}'))
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(3)
        assert connection.recv(1) == b""
    assert outcome(sandbox.received()) == [(None, True, "hang")]


@pytest.mark.parametrize("kind", [Kind.DROP, Kind.ANSWER])
def test_what_is_no_message_reaches_nobody_whatever_its_sender_hears(sandbox: FarEnd, kind: Kind) -> None:
    sandbox.tell(kind)

    with contextlib.suppress(Broken):
        sandbox.post(body=b"no json")
    assert [message.delivered for message in sandbox.received()] == [False]


def test_an_expired_token_is_refused_until_another_comes(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.EXPIRE_TOKEN)

    assert [sandbox.post(token=token).status for token in ("old", "old", "new", "old")] == [401, 401, 202, 401]


def test_a_telling_holds_for_the_first_so_many_requests(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.ANSWER, status=503, remaining=2)

    assert [sandbox.post().status for _ in range(4)] == [503, 503, 202, 202]
    assert [told.remaining for told in sandbox.told()] == [0]


def test_the_newest_of_equals_is_used_up_before_the_one_beneath_it(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.ANSWER, status=500)
    sandbox.tell(Kind.ANSWER, status=429, remaining=1)

    assert [sandbox.post().status for _ in range(3)] == [429, 500, 500]


def test_a_telling_reaches_a_connection_that_is_open_already(sandbox: FarEnd) -> None:
    with sandbox.connect() as connection:
        for told, status in [(False, 202), (True, 404)]:
            if told:
                sandbox.tell(Kind.ANSWER, status=404)
            connection.sendall(request("FR-1", b"{}"))
            assert read_answer(connection).status == status


def test_those_it_is_not_about_are_served_as_ever(sandbox: FarEnd) -> None:
    sandbox.tell(Kind.DROP, page_id="999")
    sandbox.tell(Kind.DROP, customer_prefix="instock-")

    assert sandbox.post("FR-1").status == 202


EVERYONE = Behaviour(id=5, kind=Kind.SLOW)
ONE_PAGE = Behaviour(id=4, kind=Kind.SLOW, page_id="7")
SHORT = Behaviour(id=3, kind=Kind.SLOW, customer_prefix="in")
LONG = Behaviour(id=2, kind=Kind.SLOW, customer_prefix="instock-")
LONG_ON_PAGE = Behaviour(id=1, kind=Kind.SLOW, customer_prefix="instock-", page_id="7")
NEWER = Behaviour(id=6, kind=Kind.SLOW)
USED_UP = Behaviour(id=7, kind=Kind.SLOW, remaining=0)


@pytest.mark.parametrize(
    ("told", "chosen"),
    [
        ([], None),
        ([EVERYONE], EVERYONE),
        ([ONE_PAGE, EVERYONE], ONE_PAGE),
        ([LONG, SHORT, ONE_PAGE], LONG),
        ([LONG_ON_PAGE, LONG], LONG_ON_PAGE),
        ([NEWER, EVERYONE], NEWER),
        ([USED_UP, EVERYONE], EVERYONE),
        ([USED_UP], None),
    ],
)
def test_the_most_particular_one_applies(told: list[Behaviour], chosen: Behaviour | None) -> None:
    aim: dict[str, Any] = {"page_id": "7", "customer_id": "instock-AB123-x", "token": "t"}

    assert choose(told, **aim) == chosen
    assert choose(reversed(told), **aim) == chosen
