"""What each of Facebook's error codes comes to: the whole table, row by row, as an answer brings it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gateway.contract import Answer, Fault, Outcome, Verdict
from notifications.gateway.meta.interpret import interpret
from notifications.reasons import Reason

NOW, TOKEN = 1_795_000_000.0, "EAAB/tok+1"
F, H, R = Verdict.FAILED, Verdict.HELD, Verdict.RETRY


def read(status: int | None, body: bytes = b"", **more: Any) -> Outcome:
    answer = Answer(**{"status": status, "body": body, "bytes_sent": 400, **more})
    return interpret(answer, token=TOKEN, now=NOW)


def refused(code: object, subcode: object = None, *, status: int = 400, **more: Any) -> Outcome:
    error = {"message": "No.", "code": code} | ({} if subcode is None else {"error_subcode": subcode})
    return read(status, json.dumps({"error": error}).encode(), **more)


# Code, subcode, verdict, reason; then what sets the row apart: the most tries, the pause, marks.
TABLE: list[tuple[int, int | None, Verdict, Reason, dict[str, object]]] = [
    (1, None, R, Reason.UNAVAILABLE, {"tries": 3, "alone": True, "pause": 30}),
    (1, 99, R, Reason.UNAVAILABLE, {"tries": 3, "alone": True, "pause": 30}),
    (1, 1357046, Verdict.ACCEPTED, Reason.SENT_THOUGH_REFUSED, {}),
    (2, None, R, Reason.UNAVAILABLE, {"tries": 4, "alone": True, "pause": 30}),
    (2, 2018344, H, Reason.PERMISSION_MISSING, {}),
    (4, None, R, Reason.THROTTLED, {"pause": 60}),
    (4, 2018022, R, Reason.THROTTLED, {"pause": 300}),
    (4, 2018354, F, Reason.REFUSED, {}),
    (9, None, R, Reason.THROTTLED, {"pause": 1800}),
    (9, 2018352, R, Reason.THROTTLED, {"pause": 1800}),
    (10, None, H, Reason.PERMISSION_MISSING, {}),
    (10, 2018278, F, Reason.WINDOW_REFUSED, {}),
    (10, 2018065, F, Reason.WINDOW_REFUSED, {}),
    (10, 2534022, F, Reason.WINDOW_REFUSED, {}),
    (10, 2018108, F, Reason.RECIPIENT_UNAVAILABLE, {"gone": True}),
    (10, 1893063, H, Reason.PAGE_RESTRICTED, {}),
    (17, None, R, Reason.THROTTLED, {"pause": 60}),
    (32, None, R, Reason.THROTTLED, {"pause": 60}),
    (100, None, F, Reason.CONTENT_REFUSED, {}),
    (100, 33, F, Reason.NOT_FOUND, {}),
    (100, 2018001, F, Reason.RECIPIENT_UNAVAILABLE, {"gone": True}),
    (100, 2018008, R, Reason.MEDIA_UNREACHABLE, {"tries": 2, "alone": True, "pause": 30}),
    (100, 2018047, R, Reason.MEDIA_UNREACHABLE, {"tries": 2, "alone": True, "pause": 30}),
    (100, 2018294, R, Reason.MEDIA_UNREACHABLE, {"tries": 2, "alone": True, "pause": 30}),
    (100, 2018109, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018074, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018015, F, Reason.MALFORMED, {}),
    (100, 2018034, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018035, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018040, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018041, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018053, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018098, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018099, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018320, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018328, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018173, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018188, F, Reason.CONTENT_REFUSED, {}),
    (2018173, None, F, Reason.CONTENT_REFUSED, {}),
    (2018188, None, F, Reason.CONTENT_REFUSED, {}),
    (100, 2018218, F, Reason.REFUSED, {}),
    (2018218, None, F, Reason.REFUSED, {}),
    (100, 2018416, F, Reason.TEMPLATE_REFUSED, {}),
    (2018416, None, F, Reason.TEMPLATE_REFUSED, {}),
    (194, None, F, Reason.CONTENT_REFUSED, {}),
    *((190, subcode, H, Reason.TOKEN_REFUSED, {}) for subcode in (None, 458, 459, 460, 463, 467)),
    (200, None, H, Reason.PERMISSION_MISSING, {}),
    (200, 2018028, H, Reason.PERMISSION_MISSING, {}),
    (299, None, H, Reason.PERMISSION_MISSING, {}),
    (230, None, H, Reason.PERMISSION_MISSING, {}),
    (200, 1545041, F, Reason.RECIPIENT_UNAVAILABLE, {"gone": True}),
    (551, None, F, Reason.RECIPIENT_UNAVAILABLE, {"gone": True}),
    (551, 1545041, F, Reason.RECIPIENT_UNAVAILABLE, {"gone": True}),
    (368, None, H, Reason.PAGE_RESTRICTED, {}),
    (613, None, R, Reason.THROTTLED, {"pause": 60}),
    (613, 2018338, R, Reason.THROTTLED, {"pause": 1800, "drastic": True}),
    (1200, None, R, Reason.UNAVAILABLE, {"tries": 4, "alone": True, "pause": 30}),
    (80001, None, R, Reason.THROTTLED, {"pause": 300}),
    (80006, None, R, Reason.THROTTLED, {"pause": 300}),
    (80014, None, R, Reason.THROTTLED, {"pause": 300}),
    (2300052, None, F, Reason.REFUSED, {}),
    # Not in the table.
    (80015, None, F, Reason.REFUSED, {}),
    (300, None, F, Reason.REFUSED, {}),
    (199, 1545041, F, Reason.REFUSED, {}),
    (100, 999, F, Reason.CONTENT_REFUSED, {}),
    (10, 999, H, Reason.PERMISSION_MISSING, {}),
]


@pytest.mark.parametrize(("code", "subcode", "verdict", "reason", "apart"), TABLE)
def test_each_code_means_one_thing(
    code: int, subcode: int | None, verdict: Verdict, reason: Reason, apart: dict[str, object]
) -> None:
    outcome = refused(code, subcode)

    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert outcome.retry_after == apart.get("pause")
    assert (outcome.lasting.tries if outcome.lasting else None) == apart.get("tries")
    marks = (outcome.alone, outcome.gone, outcome.drastic)
    assert marks == tuple(bool(apart.get(name)) for name in ("alone", "gone", "drastic"))


@pytest.mark.parametrize(
    ("code", "subcode", "at_last"),
    [
        (1, None, Reason.PERMISSION_MISSING),
        (2, None, Reason.REFUSED),
        (100, 2018008, Reason.MEDIA_UNREACHABLE),
        (1200, None, Reason.REFUSED),
    ],
)
def test_what_is_tried_a_few_times_ends_for_a_reason(code: int, subcode: int | None, at_last: Reason) -> None:
    lasting = refused(code, subcode).lasting

    assert lasting is not None
    assert lasting.reason is at_last


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 500, 503])
def test_the_code_decides_whatever_the_status(status: int) -> None:
    assert refused(190, 463, status=status).reason is Reason.TOKEN_REFUSED
    assert refused(10, 2018278, status=status).verdict is Verdict.FAILED
    assert refused(1, 1357046, status=status).verdict is Verdict.ACCEPTED
    assert refused(2, status=status).verdict is Verdict.RETRY


@pytest.mark.parametrize("code", [4711, 0, "x", None])
def test_where_facebook_failed_without_a_known_code_it_is_in_doubt(code: object) -> None:
    outcome = refused(code, status=500)

    assert (outcome.verdict, outcome.reason) == (Verdict.UNKNOWN, Reason.SERVER_ERROR)


def test_numbers_may_come_as_text() -> None:
    assert refused("10", "2018278").reason is Reason.WINDOW_REFUSED


def test_the_detail_has_the_numbers_the_words_and_the_trace() -> None:
    error = {"message": "(#10) Outside.", "code": 10, "error_subcode": 2018278, "fbtrace_id": "AbC"}
    outcome = read(400, json.dumps({"error": error}).encode())

    assert outcome.detail == "10/2018278: (#10) Outside. [AbC]"


def test_the_token_is_masked() -> None:
    error = {"message": f"Malformed access token {TOKEN}", "code": 190, "fbtrace_id": TOKEN}

    assert TOKEN not in read(400, json.dumps({"error": error}).encode()).detail


def test_an_acceptance_has_the_messages_id() -> None:
    outcome = read(200, b'{"recipient_id":"7","message_id":"m_x"}')

    assert (outcome.verdict, outcome.message_id, outcome.reason) == (Verdict.ACCEPTED, "m_x", None)


@pytest.mark.parametrize("body", [b"", b"OK", b"{}", b"[]", b'{"message_id":7}', b'{"recipient_id":"7"}', b"<html>"])
def test_a_2xx_that_is_not_facebooks_is_in_doubt(body: bytes) -> None:
    outcome = read(200, body)

    assert (outcome.verdict, outcome.reason) == (Verdict.UNKNOWN, Reason.NOT_THE_API)


@pytest.mark.parametrize("fault", [Fault.PARTIAL, Fault.RESET, Fault.TIMEOUT])
def test_half_an_error_tells_nothing(fault: Fault) -> None:
    """It may be the one that Facebook gives for what went out."""
    body = b'{"error":{"message":"Invalid JSON reply","code":1,"error_sub'

    assert read(400, body, fault=fault).verdict is Verdict.UNKNOWN
    assert read(200, body, fault=fault).reason is Reason.HALF_AN_ANSWER


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        (302, H, Reason.MOVED),
        (400, F, Reason.REFUSED),
        (401, H, Reason.TOKEN_REFUSED),
        (403, H, Reason.FORBIDDEN),
        (404, F, Reason.REFUSED),
        (408, Verdict.UNKNOWN, Reason.SERVER_ERROR),
        (429, R, Reason.THROTTLED),
        (500, Verdict.UNKNOWN, Reason.SERVER_ERROR),
        (502, Verdict.UNKNOWN, Reason.SERVER_ERROR),
        (503, Verdict.UNKNOWN, Reason.SERVER_ERROR),
        (600, Verdict.UNKNOWN, Reason.SERVER_ERROR),
    ],
)
@pytest.mark.parametrize("body", [b"", b"no", b'{"error":"none"}', b'{"error":{}}'])
def test_without_an_error_object_the_status_decides(status: int, verdict: Verdict, reason: Reason, body: bytes) -> None:
    outcome = read(status, body)

    assert (outcome.verdict, outcome.reason) == (verdict, reason)


def test_a_503_that_says_when_to_come_back_was_not_read() -> None:
    outcome = read(503, headers={"retry-after": "30"})

    assert (outcome.verdict, outcome.reason, outcome.retry_after) == (R, Reason.UNAVAILABLE, 30)


def test_the_longest_wait_that_the_answer_asks_for_counts() -> None:
    usage = {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":7}]}'}

    assert refused(80006, headers=usage).retry_after == 420
    assert refused(80006, headers={**usage, "retry-after": "900"}).retry_after == 900
    assert refused(4, headers={"retry-after": "5"}).retry_after == 5


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(
    status=st.none() | st.integers(100, 999),
    body=st.binary() | st.builds(lambda error: json.dumps({"error": error}).encode(), _JSON),
    fault=st.none() | st.sampled_from(Fault),
    sent=st.integers(0, 2),
    code=st.none() | st.integers(0, 3_000_000),
    usage=st.text() | _JSON.map(json.dumps),
)
def test_every_answer_has_a_meaning(
    status: int | None, body: bytes, fault: Fault | None, sent: int, code: int | None, usage: str
) -> None:
    if code is not None:
        body = json.dumps({"error": {"code": code}}).encode()
    headers = {"x-app-usage": usage, "x-business-use-case-usage": usage}
    outcome = read(status, body, fault=fault, bytes_sent=sent, headers=headers)

    if outcome.verdict is Verdict.RETRY and sent:
        assert status is not None
    if outcome.verdict is not Verdict.ACCEPTED:
        assert outcome.reason is not None
