"""Every gateway, the same cases, over real sockets: build, send, interpret."""

import json
import logging
import time

import pytest
import trustme
from pytest_django import Settings

from notifications.gateway.answers import KEPT, SHOWN, kept
from notifications.gateway.contract import MAX_ANSWER, Answer, Outcome, Verdict
from notifications.gateway.wire import Wire
from notifications.reasons import Reason
from notifications.services.ways_out import WayOut
from pages.states import GatewayKind
from tests.notifications.gateway.conformance.cases import CASES, ECHO, JSON, Case
from tests.notifications.gateway.conformance.gateways import BY_KIND, GATEWAYS, TOKEN, WORDS, Subject
from tests.notifications.gateway.conftest import WAIT, MakeFarEnd, MakeWire, collect, server_context
from tests.support.far_end import answer, full_backlog, http, last_words, nobody

pytestmark = pytest.mark.django_db

every_gateway = pytest.mark.parametrize("subject", GATEWAYS, ids=BY_KIND)
SPELLINGS = (TOKEN, "tok%2Fen%2B1", "tok/en%2B1", "tok/en+1")


def send(wire: Wire, subject: Subject, way: WayOut) -> tuple[Answer, Outcome]:
    wire.submit(1, way.gateway.build(subject.envelope(way)))
    ((_key, came),) = collect(wire, 1)
    return came, way.gateway.interpret(came, token=TOKEN, now=time.time())


def says_no_token(text: str) -> None:
    assert not [spelling for spelling in SPELLINGS if spelling in text], text


@every_gateway
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_gateway_reads_it_alike(
    subject: Subject,
    case: Case,
    make_wire: MakeWire,
    far_end: MakeFarEnd,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    end = far_end(case.act(subject.accepted))
    with caplog.at_level(logging.DEBUG):
        came, outcome = send(
            make_wire(total_timeout=0.5 if Reason.SILENCE in case.reasons else WAIT),
            subject,
            subject.way_out(end.url, settings),
        )

    assert outcome.verdict is case.verdict
    assert not case.reasons or outcome.reason in case.reasons
    assert (outcome.reason is None) is (case.verdict is Verdict.ACCEPTED)
    assert outcome.retry_after == case.retry_after
    assert outcome.message_id == ("m_1" if case.verdict is Verdict.ACCEPTED else "")
    # One call, whatever was answered: nothing is followed, nothing is repeated.
    assert len(end.requests) <= 1
    assert end.connections == 1
    says_no_token(outcome.detail + kept(came, TOKEN) + repr(came.detail) + caplog.text)
    assert len(outcome.detail) <= SHOWN + 100


@every_gateway
@pytest.mark.parametrize(("where", "reason"), [("nobody", Reason.CONNECTION_REFUSED), ("full", Reason.CONNECT_TIMEOUT)])
def test_what_certainly_did_not_leave_is_tried_again(
    subject: Subject, where: str, reason: Reason, make_wire: MakeWire, settings: Settings
) -> None:
    with nobody() if where == "nobody" else full_backlog() as url:
        came, outcome = send(make_wire(connect_timeout=1.0), subject, subject.way_out(url, settings))

    assert (came.bytes_sent, outcome.verdict, outcome.reason) == (0, Verdict.RETRY, reason)


@every_gateway
def test_a_name_without_address_is_tried_again(subject: Subject, wire: Wire, settings: Settings) -> None:
    _came, outcome = send(wire, subject, subject.way_out("http://gateway.invalid", settings))

    assert (outcome.verdict, outcome.reason) == (Verdict.RETRY, Reason.NAME_NOT_RESOLVED)


@every_gateway
def test_a_certificate_that_is_none_is_tried_again(
    subject: Subject, wire: Wire, far_end: MakeFarEnd, settings: Settings
) -> None:
    """Somebody else's: not a byte of the request is shown to it."""
    end = far_end(answer(http(200, subject.accepted)), tls=server_context(trustme.CA(), "localhost"))
    _came, outcome = send(wire, subject, subject.way_out(end.url, settings))

    assert (outcome.verdict, outcome.reason, end.requests) == (Verdict.RETRY, Reason.BAD_CERTIFICATE, [])


@every_gateway
def test_one_that_was_called_back_is_tried_again(
    subject: Subject, wire: Wire, far_end: MakeFarEnd, settings: Settings
) -> None:
    end = far_end(answer(http(200, subject.accepted)))
    wire.abandon()
    _came, outcome = send(wire, subject, subject.way_out(end.url, settings))

    assert (outcome.verdict, outcome.reason, end.requests) == (Verdict.RETRY, Reason.NOT_SENT, [])


@every_gateway
def test_the_words_arrive_as_they_were_frozen(
    subject: Subject, wire: Wire, far_end: MakeFarEnd, settings: Settings
) -> None:
    end = far_end(answer(http(200, subject.accepted, JSON)))
    send(wire, subject, subject.way_out(end.url, settings))

    (request,) = end.requests
    body = request.partition(b"\r\n\r\n")[2]
    said = json.loads(body)
    assert said.get("message", said)["text"] == WORDS
    assert "👜".encode() in body


@every_gateway
def test_a_huge_answer_costs_no_memory_and_is_not_sent_again(
    subject: Subject, wire: Wire, far_end: MakeFarEnd, settings: Settings
) -> None:
    end = far_end(last_words(http(200, b'{"data":"' + b"x" * 5_000_000 + b'"}', JSON)))
    came, outcome = send(wire, subject, subject.way_out(end.url, settings))

    assert len(came.body) == MAX_ANSWER
    assert len(kept(came, TOKEN)) == KEPT
    assert outcome.verdict in {Verdict.ACCEPTED, Verdict.UNKNOWN}


@every_gateway
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("body", [b"\xff\xfe\0", b'{"a":' * 50_000, b"null", b'"\\ud800"', b"9" * 20_000, b"[]", ECHO])
def test_no_answer_breaks_it(
    subject: Subject, status: int, body: bytes, wire: Wire, far_end: MakeFarEnd, settings: Settings
) -> None:
    end = far_end(answer(http(status, body, JSON)))
    came, outcome = send(wire, subject, subject.way_out(end.url, settings))

    assert outcome.verdict is not Verdict.RETRY
    says_no_token(outcome.detail + kept(came, TOKEN))
    (outcome.detail + kept(came, TOKEN)).encode()


@every_gateway
def test_nothing_that_can_be_printed_holds_the_token(subject: Subject, settings: Settings) -> None:
    way = subject.way_out("http://127.0.0.1:9", settings)
    envelope = subject.envelope(way)

    says_no_token(f"{way!r} {envelope!r} {way.gateway.build(envelope)!r}")


def test_every_gateway_is_in_the_suite() -> None:
    assert {subject.kind for subject in GATEWAYS} == set(GatewayKind)
