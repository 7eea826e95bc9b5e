"""What is read in an answer, and what is kept of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gateway.answers import KEPT, SHOWN, clean, is_html, json_object, kept, retry_after, words
from notifications.gateway.contract import Answer, Fault

NOW = datetime(2026, 11, 21, 8, 0, 0, tzinfo=UTC).timestamp()
TOKEN = "EAAB/x+y=é&z"


def an_answer(body: bytes = b"", **fields: Any) -> Answer:
    return Answer(**{"status": 200, "body": body, "bytes_sent": 100, **fields})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("Sat, 21 Nov 2026 08:01:30 GMT", 90),
        ("Saturday, 21-Nov-26 08:01:30 GMT", 90),
        ("Sat Nov 21 08:01:30 2026", 90),
        ("Sat, 21 Nov 2026 09:01:30 +0100", 90),
        ("Fri, 20 Nov 2026 08:00:00 GMT", 0),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        ("Sun, 21 Nov 2027 08:00:00 GMT", 86_400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("12 13", None),
        ("1e9", None),
        ("٣", None),
        ("Sat, 99 Nov 2026 08:01:30 GMT", None),
        ("Sat, 21 Nov 99999 08:01:30 GMT", None),
        ("Sat, 21 Nov 99999999999 08:01:30 GMT", None),
        ("Sat, 21 Nov 2026 08:01:30 +99999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(value: str, seconds: float | None) -> None:
    assert retry_after(an_answer(headers={"retry-after": value}), NOW) == seconds


def test_without_retry_after_nothing_is_asked() -> None:
    assert retry_after(an_answer(), NOW) is None


DATE_WORDS = ["Sat,", "21", "Nov", "2026", "99999999999999999999", "08:01:30", "24:61:61", "GMT", "+9999", "-0", "+9e9"]


@given(st.text() | st.lists(st.sampled_from(DATE_WORDS), max_size=8).map(" ".join))
def test_no_retry_after_breaks_the_reader(value: str) -> None:
    asked = retry_after(an_answer(headers={"retry-after": value}), NOW)
    assert asked is None or 0 <= asked <= 86_400


@pytest.mark.parametrize(
    "spelling",
    [
        TOKEN,
        "EAAB%2Fx%2By%3D%C3%A9%26z",
        "eaab%2fx%2by%3d%c3%a9%26z",
        "EAAB/x%2By%3D%C3%A9%26z",
        "EAAB/x+y=é&amp;z",
        "EAAB\\/x+y=\\u00e9&z",
    ],
)
def test_the_token_is_masked_in_every_spelling(spelling: str) -> None:
    assert clean(f"bad token '{spelling}'.", TOKEN) == "bad token '…'."


def test_without_a_token_nothing_is_masked() -> None:
    assert clean("all of it", "") == "all of it"


@given(text=st.text(st.characters()), token=st.text(min_size=1))
def test_what_is_kept_can_be_stored(text: str, token: str) -> None:
    stored = clean(text, token)
    assert "\0" not in stored
    stored.encode()


@given(body=st.binary())
def test_any_bytes_can_be_kept(body: bytes) -> None:
    kept(an_answer(body), TOKEN).encode()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (an_answer(b'{"a":1}'), '{"a":1}'),
        (an_answer(b"caf\xc3\xa9 \xff\x00!"), "café \N{REPLACEMENT CHARACTER}!"),
        (an_answer(b"", status=None, fault=Fault.REFUSED, detail="Could not connect"), "Could not connect"),
        (an_answer(b"x" * 10_000), "x" * KEPT),
        (an_answer(b"?access_token=EAAB%2Fx%2By%3D%C3%A9%26z"), "?access_token=…"),
        (an_answer(b"x" * (KEPT - 4) + TOKEN.encode()), "x" * (KEPT - 4) + "…"),
    ],
    ids=["as it came", "undecodable and NUL", "the transport's words", "cut", "masked", "masked before it is cut"],
)
def test_the_first_of_the_answer_is_kept(answer: Answer, expected: str) -> None:
    assert kept(answer, TOKEN) == expected


@pytest.mark.parametrize(
    ("answer", "page"),
    [
        (an_answer(b"<p>hello", headers={"content-type": "text/html; charset=utf-8"}), True),
        (an_answer(b"\n <!DOCTYPE html><html>"), True),
        (an_answer(b"<html lang=fr>"), True),
        (an_answer(b"", headers={"content-type": "text/html"}), False),
        (an_answer(b'{"html":"<html>"}', headers={"content-type": "application/json"}), False),
        (an_answer(b"accepted <html>"), False),
    ],
)
def test_a_page_for_people_is_told_from_an_answer(answer: Answer, *, page: bool) -> None:
    assert is_html(answer) is page


@pytest.mark.parametrize(
    "answer",
    [
        an_answer(b""),
        an_answer(b"plain"),
        an_answer(b"[1]"),
        an_answer(b'"text"'),
        an_answer(b'{"cut":'),
        an_answer(b"\xff\xfe{"),
        an_answer(b"[" * 60_000),
        an_answer(b"1" * 60_000),
        an_answer(b"{}", truncated=True),
        an_answer(b"{}", fault=Fault.PARTIAL),
    ],
)
def test_what_is_no_whole_json_object_says_nothing(answer: Answer) -> None:
    assert json_object(answer) == {}


@pytest.mark.parametrize(
    ("answer", "said", "expected"),
    [
        (an_answer(b"ignored"), (None, 3, " ", "the\n message"), "the message"),
        (an_answer(b"  plain\n words "), (), "plain words"),
        (an_answer(b"", detail="Recv failure"), (), "Recv failure"),
        (
            an_answer(
                b"<!doctype html><title>502</title><style>p{}</style><script>x()</script>"
                b"<!-- no --><h1>Bad&nbsp;<b>Gateway</b></h1><br"
            ),
            (),
            "502 Bad Gateway",
        ),
        (an_answer(b"y" * 10_000), (), "y" * SHOWN),
        (an_answer(b""), (f"no {TOKEN}",), "no …"),
        (an_answer(b""), ("half \ud800 a pair",), "half ? a pair"),
    ],
)
def test_the_words_are_the_far_ends_message_else_its_text_else_the_transports(
    answer: Answer, said: tuple[object, ...], expected: str
) -> None:
    assert words(answer, said, TOKEN) == expected
