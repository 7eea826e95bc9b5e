"""What each answer to the guide's call means. Without any network."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gateway import iadvize
from notifications.gateway.contract import Answer, Fault, Verdict
from notifications.reasons import Reason

NOW = 1_795_000_000.0
TOKEN = "tok/en+1"


def read(status: int | None = 200, body: bytes = b"", **fields: Any) -> tuple[Verdict, Reason | None]:
    outcome = interpret(status, body, **fields)
    return outcome.verdict, outcome.reason


def interpret(status: int | None = 200, body: bytes = b"", **fields: Any) -> Any:
    answer = Answer(**{"status": status, "body": body, "bytes_sent": 100, **fields})
    return iadvize.interpret(answer, token=TOKEN, now=NOW)


# -- accepted ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "message_id"),
    [
        (200, b'{"meta":{"status":"success"},"data":{"id":"m_1","_link":"/x/m_1"}}', "m_1"),
        (201, b'{"meta":{"status":"success"},"data":{"id":123}}', "123"),
        (202, b'{"data":{"message_id":"m_2"}}', "m_2"),
        (200, b'{"recipient_id":"7","message_id":"m_3"}', "m_3"),
        (200, b'{"data":{"id":null,"message_id":""}}', ""),
        (200, b'{"data":[{"id":1}]}', ""),
        (200, b'{"data":{"id":true}}', ""),
        (200, b'{"data":{"id":"' + b"x" * 300 + b'"}}', "x" * 255),
        (200, b'{"data":{"id":"a\\u0000b\\ud800"}}', "ab?"),
        (200, b'{"meta":"success"}', ""),
        (200, b"[]", ""),
        (200, b"OK", ""),
        (200, b"", ""),
        (204, b"", ""),
    ],
)
def test_a_2xx_is_an_acceptance_with_the_message_id_if_there_is_one(status: int, body: bytes, message_id: str) -> None:
    outcome = interpret(status, body)
    assert (outcome.verdict, outcome.reason, outcome.message_id) == (Verdict.ACCEPTED, None, message_id)


def test_an_acceptance_that_was_cut_for_its_length_stands() -> None:
    assert read(200, b'{"data":' + b"x" * 65_000, truncated=True) == (Verdict.ACCEPTED, None)


@pytest.mark.parametrize(
    ("body", "verdict", "reason", "detail"),
    [
        (
            b'{"meta":{"status":"fail","message":"Unknown customer."}}',
            Verdict.FAILED,
            Reason.CONTENT_REFUSED,
            "Unknown customer.",
        ),
        (b'{"meta":{"status":"error","message":"Forbidden"}}', Verdict.FAILED, Reason.REFUSED, "Forbidden"),
        (b'{"error":{"message":"(#100) No"}}', Verdict.FAILED, Reason.REFUSED, "(#100) No"),
        (b'{"error":"nope"}', Verdict.FAILED, Reason.REFUSED, "nope"),
        (b"<html><body>Log in to the hotel's WiFi", Verdict.UNKNOWN, Reason.NOT_THE_API, "Log in to the hotel's WiFi"),
    ],
)
def test_a_2xx_whose_body_says_otherwise_is_none(body: bytes, verdict: Verdict, reason: Reason, detail: str) -> None:
    outcome = interpret(200, body)
    assert (outcome.verdict, outcome.reason, outcome.detail) == (verdict, reason, detail)


@pytest.mark.parametrize("fault", [Fault.PARTIAL, Fault.RESET, Fault.TIMEOUT, Fault.EMPTY])
def test_half_an_acceptance_is_in_doubt(fault: Fault) -> None:
    assert read(200, b'{"meta":{"status":"suc', fault=fault) == (Verdict.UNKNOWN, Reason.HALF_AN_ANSWER)


# -- turned away -------------------------------------------------------------------------------------------------

STATUSES = {
    301: (Verdict.HELD, Reason.MOVED),
    302: (Verdict.HELD, Reason.MOVED),
    304: (Verdict.HELD, Reason.MOVED),
    307: (Verdict.HELD, Reason.MOVED),
    400: (Verdict.FAILED, Reason.MALFORMED),
    401: (Verdict.HELD, Reason.TOKEN_REFUSED),
    402: (Verdict.FAILED, Reason.REFUSED),
    403: (Verdict.HELD, Reason.FORBIDDEN),
    404: (Verdict.FAILED, Reason.NOT_FOUND),
    405: (Verdict.FAILED, Reason.REFUSED),
    408: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    409: (Verdict.FAILED, Reason.CONFLICT),
    413: (Verdict.FAILED, Reason.REFUSED),
    422: (Verdict.FAILED, Reason.CONTENT_REFUSED),
    429: (Verdict.RETRY, Reason.THROTTLED),
    451: (Verdict.FAILED, Reason.REFUSED),
    500: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    502: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    503: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    504: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    599: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    100: (Verdict.UNKNOWN, Reason.NO_ANSWER),
    103: (Verdict.UNKNOWN, Reason.NO_ANSWER),
    600: (Verdict.UNKNOWN, Reason.NO_ANSWER),
    999: (Verdict.UNKNOWN, Reason.NO_ANSWER),
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
@pytest.mark.parametrize("body", [b"", b'{"meta":{"status":"error"}}', b"<html>", b"\xff\0"])
def test_each_status_means_one_thing_whatever_stands_in_the_body(
    status: int, expected: tuple[Verdict, Reason], body: bytes
) -> None:
    assert read(status, body) == expected


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 422, 429, 500])
@pytest.mark.parametrize("fault", [Fault.PARTIAL, Fault.RESET, Fault.TIMEOUT])
def test_a_refusal_stands_though_its_body_broke_off(status: int, fault: Fault) -> None:
    assert read(status, b'{"meta":', fault=fault) == STATUSES[status]


@pytest.mark.parametrize(
    ("status", "asked", "expected", "seconds"),
    [
        (429, "30", (Verdict.RETRY, Reason.THROTTLED), 30),
        (429, "Wed, 18 Nov 2026 23:08:20 GMT", (Verdict.RETRY, Reason.THROTTLED), None),
        (429, "soon", (Verdict.RETRY, Reason.THROTTLED), None),
        (503, "30", (Verdict.RETRY, Reason.UNAVAILABLE), 30),
        (503, "0", (Verdict.RETRY, Reason.UNAVAILABLE), 0),
        (503, "soon", (Verdict.UNKNOWN, Reason.SERVER_ERROR), None),
        (502, "30", (Verdict.UNKNOWN, Reason.SERVER_ERROR), None),
        (401, "30", (Verdict.HELD, Reason.TOKEN_REFUSED), None),
    ],
)
def test_retry_after_counts_where_it_says_that_nothing_was_read(
    status: int, asked: str, expected: tuple[Verdict, Reason], seconds: float | None
) -> None:
    outcome = interpret(status, headers={"retry-after": asked})
    assert (outcome.verdict, outcome.reason) == expected
    if seconds is not None:
        assert outcome.retry_after == seconds


def test_retry_after_as_a_date_is_counted_from_now() -> None:
    assert interpret(429, headers={"retry-after": "Wed, 18 Nov 2026 11:07:40 GMT"}).retry_after == 60


@pytest.mark.parametrize(
    ("body", "headers", "detail"),
    [
        (b'{"meta":{"status":"fail","message":"Bad \'tok/en+1\'"}}', {}, "Bad '…'"),
        (b'{"error":{"message":"(#10) no","code":10}}', {}, "(#10) no"),
        (b'{"error":"invalid_token"}', {}, "invalid_token"),
        (b'{"message":"Not here"}', {}, "Not here"),
        (b'{"meta":{"message":7}}', {}, '{"meta":{"message":7}}'),
        (b"<html><h1>Gone</h1>", {}, "Gone"),
        (b"", {"location": "https://new.example/?access_token=tok%2Fen%2B1"}, "https://new.example/?access_token=…"),
        (b"", {}, ""),
    ],
)
def test_the_detail_is_what_the_far_end_said(body: bytes, headers: dict[str, str], detail: str) -> None:
    assert interpret(410, body, headers=headers).detail == detail


# -- no answer ---------------------------------------------------------------------------------------------------

NOTHING_LEFT = {
    Fault.REFUSED: Reason.CONNECTION_REFUSED,
    Fault.UNRESOLVED: Reason.NAME_NOT_RESOLVED,
    Fault.CONNECT_TIMEOUT: Reason.CONNECT_TIMEOUT,
    Fault.CERTIFICATE: Reason.BAD_CERTIFICATE,
    Fault.RESET: Reason.NOT_SENT,
    Fault.EMPTY: Reason.NOT_SENT,
    Fault.PARTIAL: Reason.NOT_SENT,
    Fault.TIMEOUT: Reason.NOT_SENT,
    Fault.GARBAGE: Reason.NOT_SENT,
    Fault.ABANDONED: Reason.NOT_SENT,
}
SOMETHING_LEFT = {
    **dict.fromkeys(Fault, Reason.NO_ANSWER),
    Fault.RESET: Reason.RESET,
    Fault.TIMEOUT: Reason.SILENCE,
    Fault.PARTIAL: Reason.HALF_AN_ANSWER,
    Fault.GARBAGE: Reason.NOT_THE_API,
}


@pytest.mark.parametrize("fault", Fault)
def test_without_a_byte_sent_it_is_tried_again(fault: Fault) -> None:
    assert read(None, fault=fault, bytes_sent=0) == (Verdict.RETRY, NOTHING_LEFT[fault])


@pytest.mark.parametrize("fault", Fault)
def test_after_a_byte_was_sent_it_is_in_doubt(fault: Fault) -> None:
    assert read(None, fault=fault, bytes_sent=1) == (Verdict.UNKNOWN, SOMETHING_LEFT[fault])


def test_the_transports_words_are_the_detail_when_nothing_came() -> None:
    assert interpret(None, fault=Fault.RESET, detail="Recv failure").detail == "Recv failure"


@given(
    status=st.none() | st.integers(100, 999),
    body=st.binary() | st.recursive(st.none() | st.text(), st.lists, max_leaves=3).map(lambda j: repr(j).encode()),
    fault=st.none() | st.sampled_from(Fault),
    sent=st.integers(0, 2),
    asked=st.text(),
)
def test_every_answer_has_a_meaning_and_nothing_that_may_have_left_is_repeated(
    status: int | None, body: bytes, fault: Fault | None, sent: int, asked: str
) -> None:
    outcome = interpret(status, body, fault=fault, bytes_sent=sent, headers={"retry-after": asked})
    if outcome.verdict is Verdict.RETRY:
        assert sent == 0 or status in {429, 503}
    if outcome.verdict is Verdict.ACCEPTED:
        assert status is not None
        assert 200 <= status < 300
        assert fault is None
