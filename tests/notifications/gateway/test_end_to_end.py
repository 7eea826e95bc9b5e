"""From an envelope to an outcome, over real sockets: build, send, interpret."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from email.utils import formatdate
from typing import NamedTuple
from urllib.parse import unquote

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.gateway import iadvize
from notifications.gateway.contract import Answer, Envelope, Outcome, Verdict
from notifications.gateway.wire import Wire
from notifications.reasons import Reason
from tests.notifications.gateway.conftest import WAIT, MakeFarEnd, MakeWire, collect, server_context
from tests.support.far_end import (
    OK,
    Act,
    FarEnd,
    answer,
    close_after_reading,
    full_backlog,
    http,
    last_words,
    nobody,
    reset_after_reading,
    reset_unread,
    silence,
)

TOKEN = "EAAB/s3cr3t+token="
NOW = 1_795_000_000.0
JSON = "Content-Type: application/json"


def deliver(wire: Wire, base_url: str, customer_id: str = "AB 12/é") -> tuple[Answer, Outcome]:
    envelope = Envelope(
        delivery_id=1,
        page_id="322837607840703",
        customer_id=customer_id,
        body='{"text":"Bonjour"}',
        base_url=base_url,
        token=TOKEN,
    )
    wire.submit(1, iadvize.build(envelope))
    ((_, got),) = collect(wire, 1)
    return got, iadvize.interpret(got, token=TOKEN, now=NOW)


class Case(NamedTuple):
    act: Act
    verdict: Verdict
    reason: Reason | None = None
    retry_after: float | None = None


def envelope_of(status: str, message: str = "Because.") -> bytes:
    return f'{{"meta":{{"status":"{status}","message":"{message}"}}}}'.encode()


ANSWERS = {
    "200 with JSON": Case(OK, Verdict.ACCEPTED),
    "202 with JSON": Case(answer(http(202, envelope_of("success"), JSON)), Verdict.ACCEPTED),
    "200 with plain text": Case(answer(http(200, b"ok", "Content-Type: text/plain")), Verdict.ACCEPTED),
    "200 with an empty body": Case(answer(http(200)), Verdict.ACCEPTED),
    "204": Case(answer(b"HTTP/1.1 204 No Content\r\n\r\n"), Verdict.ACCEPTED),
    "200 in chunks": Case(
        answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), Verdict.ACCEPTED
    ),
    "200 until the connection closes": Case(last_words(b"HTTP/1.0 200 OK\r\n\r\n{}"), Verdict.ACCEPTED),
    "200 with a huge body": Case(answer(http(200, b"x" * 5_000_000)), Verdict.ACCEPTED),
    "200 that says fail": Case(answer(http(200, envelope_of("fail"), JSON)), Verdict.FAILED, Reason.CONTENT_REFUSED),
    "200 that says error": Case(answer(http(200, envelope_of("error"), JSON)), Verdict.FAILED, Reason.REFUSED),
    "200 with HTML for JSON": Case(
        answer(http(200, b"<html>Welcome", "Content-Type: text/html")), Verdict.UNKNOWN, Reason.NOT_THE_API
    ),
    "a redirect": Case(answer(http(302, b"", "Location: http://127.0.0.1:9/")), Verdict.HELD, Reason.MOVED),
    "400": Case(answer(http(400, envelope_of("fail"), JSON)), Verdict.FAILED, Reason.MALFORMED),
    "401": Case(answer(http(401, envelope_of("error"), JSON)), Verdict.HELD, Reason.TOKEN_REFUSED),
    "403": Case(answer(http(403, envelope_of("error"), JSON)), Verdict.HELD, Reason.FORBIDDEN),
    "404": Case(answer(http(404)), Verdict.FAILED, Reason.NOT_FOUND),
    "409": Case(answer(http(409)), Verdict.FAILED, Reason.CONFLICT),
    "422": Case(answer(http(422, envelope_of("fail"), JSON)), Verdict.FAILED, Reason.CONTENT_REFUSED),
    "429 in seconds": Case(answer(http(429, b"", "Retry-After: 7")), Verdict.RETRY, Reason.THROTTLED, 7),
    "429 as a date": Case(
        answer(http(429, b"", f"Retry-After: {formatdate(NOW + 3600, usegmt=True)}")),
        Verdict.RETRY,
        Reason.THROTTLED,
        3600,
    ),
    "429 without": Case(answer(http(429)), Verdict.RETRY, Reason.THROTTLED),
    "500": Case(answer(http(500, b"<h1>Oops")), Verdict.UNKNOWN, Reason.SERVER_ERROR),
    "502": Case(answer(http(502)), Verdict.UNKNOWN, Reason.SERVER_ERROR),
    "503": Case(answer(http(503)), Verdict.UNKNOWN, Reason.SERVER_ERROR),
    "503 with Retry-After": Case(answer(http(503, b"", "Retry-After: 2")), Verdict.RETRY, Reason.UNAVAILABLE, 2),
    "504": Case(answer(http(504)), Verdict.UNKNOWN, Reason.SERVER_ERROR),
    "401 whose body breaks off": Case(
        last_words(b"HTTP/1.1 401 No\r\nContent-Length: 50\r\n\r\n{"), Verdict.HELD, Reason.TOKEN_REFUSED
    ),
    "reset before it was read": Case(reset_unread, Verdict.UNKNOWN, Reason.RESET),
    "reset after it was read": Case(reset_after_reading, Verdict.UNKNOWN, Reason.RESET),
    "closed after it was read": Case(close_after_reading, Verdict.UNKNOWN, Reason.NO_ANSWER),
    "silence": Case(silence, Verdict.UNKNOWN, Reason.SILENCE),
    "half a body": Case(
        last_words(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"), Verdict.UNKNOWN, Reason.HALF_AN_ANSWER
    ),
    "half a head": Case(last_words(b"HTTP/1.1 200 OK\r\nContent-"), Verdict.UNKNOWN, Reason.HALF_AN_ANSWER),
    "garbage": Case(last_words(b"hello, who is there?\r\n"), Verdict.UNKNOWN, Reason.NOT_THE_API),
}


@pytest.mark.parametrize("case", ANSWERS.values(), ids=ANSWERS)
def test_what_a_far_end_does_decides_what_happens_next(case: Case, far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there = far_end(case.act)
    patience = 0.7 if case.reason is Reason.SILENCE else WAIT
    got, outcome = deliver(make_wire(total_timeout=patience), there.url)
    assert (outcome.verdict, outcome.reason) == (case.verdict, case.reason)
    assert outcome.retry_after == case.retry_after
    assert got.bytes_sent > 0
    assert len(there.requests) <= 1


def test_without_a_connection_it_is_tried_again(make_wire: MakeWire) -> None:
    wire = make_wire(connect_timeout=1.0)
    with nobody() as closed, full_backlog() as full:
        came = [deliver(wire, url)[1] for url in (closed, full, f"http://{'x' * 64}.invalid")]
    assert [outcome.verdict for outcome in came] == [Verdict.RETRY] * 3
    assert [outcome.reason for outcome in came] == [
        Reason.CONNECTION_REFUSED,
        Reason.CONNECT_TIMEOUT,
        Reason.NAME_NOT_RESOLVED,
    ]


def test_a_bad_certificate_is_tried_again(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK, tls=server_context(trustme.CA(), "localhost"))
    outcome = deliver(wire, there.url)[1]
    assert (outcome.verdict, outcome.reason) == (Verdict.RETRY, Reason.BAD_CERTIFICATE)


def test_over_tls_it_arrives_as_well(far_end: MakeFarEnd, wire: Wire, trusted: ssl.SSLContext) -> None:
    outcome = deliver(wire, far_end(OK, tls=trusted).url)[1]
    assert (outcome.verdict, outcome.message_id) == (Verdict.ACCEPTED, "m_1")


# -- the address on its journey ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def journey() -> Iterator[tuple[Wire, FarEnd]]:
    with ExitStack() as stack:
        there = stack.enter_context(FarEnd(OK))
        wire = Wire(max_in_flight=1, connect_timeout=5, total_timeout=10)
        stack.callback(wire.close)
        yield wire, there


@given(customer_id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=255))
@settings(max_examples=300, deadline=None)
def test_any_customer_id_arrives_as_it_was(journey: tuple[Wire, FarEnd], customer_id: str) -> None:
    wire, there = journey
    deliver(wire, there.url, customer_id)
    line = there.requests[-1].split(b"\r\n")[0].decode("ascii")
    method, target, version = line.split(" ")
    path, _, query = target.partition("?")
    before, segment, after = path.rpartition("/")[0].rpartition("/")[0], path.split("/")[7], path.split("/")[8]
    assert (method, version, after) == ("POST", "HTTP/1.1", "messages")
    assert before == "/social/facebook/messenger/pages/322837607840703/customers"
    assert unquote(segment, errors="strict") == customer_id
    assert query == "access_token=EAAB%2Fs3cr3t%2Btoken%3D"


@pytest.mark.parametrize("customer_id", [".", "..", "../..", "%2e%2e", "a/../b", "//", "?", "#", " "])
def test_no_customer_id_leads_to_another_address(journey: tuple[Wire, FarEnd], customer_id: str) -> None:
    wire, there = journey
    deliver(wire, there.url, customer_id)
    path = there.requests[-1].split(b" ")[1].decode().partition("?")[0]
    assert path.startswith("/social/facebook/messenger/pages/322837607840703/customers/")
    assert unquote(path.split("/")[7]) == customer_id
