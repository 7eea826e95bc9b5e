"""What is told twice has one key, and what is something else has another."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pages.webhooks.keys import key_of
from pages.webhooks.parsing import parse
from pages.webhooks.unpacking import RawEvent
from tests.pages.webhooks.test_parsing import AT, PAGE, PSID, RECEIVED, TABLE
from tests.support import facebook


def key(body: dict[str, Any], **raw: Any) -> str:
    told = replace(RawEvent(page_id=PAGE, time=AT, body=body), **raw)
    return key_of(parse(told, received_at=RECEIVED), told)


@pytest.mark.parametrize("body", [body for body, _event in TABLE])
def test_what_is_told_again_has_the_same_key(body: dict[str, Any]) -> None:
    told = RawEvent(page_id=PAGE, time=AT, body=body)
    later = dict(reversed(body.items()))

    assert key_of(parse(told, received_at=RECEIVED + timedelta(hours=1)), told) == key(later)


def test_the_table_has_as_many_keys_as_events() -> None:
    bodies = {key(body) for body, _event in TABLE}

    # Three rows are messages of one mid.
    assert len(bodies) == len(TABLE) - 2


def test_a_message_is_known_by_its_mid_alone() -> None:
    assert key(facebook.message(PAGE, PSID, "a", mid="m_1")) == key(facebook.message(PAGE, PSID, "b", mid="m_1"))
    assert key(facebook.message(PAGE, PSID, "a", mid="m_1")) != key(facebook.message(PAGE, PSID, "a", mid="m_2"))


def test_a_receipt_is_known_by_the_person_the_watermark_and_the_mids() -> None:
    receipt = facebook.delivery(PAGE, PSID, AT, ("m_1", "m_2"))
    turned = facebook.delivery(PAGE, PSID, AT, ("m_2", "m_1"))

    assert key(receipt) == key(turned) != key(facebook.delivery(PAGE, PSID, AT))
    assert key(receipt) != key(facebook.delivery(PAGE, "8", AT, ("m_1", "m_2")))


def test_a_receipt_from_the_future_has_one_key_whenever_it_comes() -> None:
    body = facebook.read(PAGE, PSID, AT + timedelta(days=1), at=AT)
    told = RawEvent(page_id=PAGE, time=AT, body=body)

    keys = {key_of(parse(told, received_at=RECEIVED + timedelta(hours=n)), told) for n in range(3)}

    assert len(keys) == 1
