"""Bytes as JSON that a database can keep, and posts as their events."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.webhooks.decoding import MOST_DEPTH, Unreadable, decode
from pages.webhooks.unpacking import events_in, object_of
from tests.support.facebook import body_of, entry, message, template_status

PAGE = "322837607840703"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xff", "not utf"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 200 + b"]" * 200, f"more than {MOST_DEPTH} deep"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"9" * 5_000, "too many digits"),
    ],
)
def test_what_is_no_json_is_told_without_repeating_it(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        decode(body)

    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'"a\u0000b"', "a\ufffdb"),
        (rb'{"\u0000":1}', {"\ufffd": 1}),
        (rb'"\ud83d\ude00"', "😀"),
        (rb'["x\ud83d", "\ude00x"]', ["x\ufffd", "\ufffdx"]),
        (b"[NaN, Infinity, 1e999, 1.5]", [None, None, None, 1.5]),
    ],
)
def test_what_no_database_keeps_is_replaced(body: bytes, value: object) -> None:
    assert decode(body) == value


@given(body=st.binary(max_size=200))
def test_bytes_are_json_or_unreadable(body: bytes) -> None:
    try:
        found = decode(body)
    except Unreadable:
        return
    json.dumps(found, allow_nan=False, ensure_ascii=False).encode()


@given(value=st.text())
def test_text_that_can_be_kept_stays_as_it_is(value: str) -> None:
    assert decode(json.dumps(value).encode()) == value.replace("\0", "\ufffd")


def test_each_list_of_each_entry_gives_its_events() -> None:
    post = decode(
        body_of(
            entry(PAGE, message(PAGE, "1"), message(PAGE, "2"), standby=(message(PAGE, "3"),)),
            entry("9", changes=(template_status("1", "a", "APPROVED"),)),
        )
    )

    found = list(events_in(post))

    assert object_of(post) == "page"
    assert [(raw.page_id, raw.standby) for raw in found] == [(PAGE, False), (PAGE, False), (PAGE, True), ("9", False)]
    assert all(raw.time for raw in found)


@pytest.mark.parametrize("post", [None, 7, [], {}, {"entry": {}}, {"entry": "none"}])
def test_what_has_no_entries_is_unreadable(post: object) -> None:
    with pytest.raises(Unreadable):
        list(events_in(post))


@pytest.mark.parametrize(
    ("told", "body"),
    [
        ("nothing", {"entry": "nothing"}),
        ({"id": PAGE}, {"entry": {"id": PAGE}}),
        ({"id": PAGE, "messaging": {"message": {}}}, {"message": {}}),
        ({"id": PAGE, "messaging": ["what"]}, {"messaging": "what"}),
    ],
)
def test_an_entry_of_another_shape_is_kept_as_it_came(told: object, body: object) -> None:
    (raw,) = events_in({"entry": [told]})

    assert raw.body == body
