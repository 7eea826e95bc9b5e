"""The guide's four bodies go through unchanged."""

import json

import pytest

from notifications.payloads import parse, parse_json, warnings_of
from notifications.states import Kind
from tests.support import guide


@pytest.mark.parametrize("name", guide.NAMES)
def test_a_body_of_the_guide_comes_back_equal_as_json(name: str) -> None:
    assert json.loads(parse_json(guide.text(name)).as_json()) == guide.body(name)


@pytest.mark.parametrize("name", guide.NAMES)
def test_it_comes_back_equal_as_values_too(name: str) -> None:
    assert parse(guide.body(name)).as_dict() == guide.body(name)


@pytest.mark.parametrize("name", guide.NAMES)
def test_its_keys_keep_their_order(name: str) -> None:
    # 75.00 is written as 75; everything else is the same text, blanks aside.
    compact = json.dumps(guide.body(name), separators=(",", ":")).replace("75.0,", "75,")
    assert parse_json(guide.text(name)).as_json() == compact


@pytest.mark.parametrize("name", guide.NAMES)
def test_its_kind_is_told(name: str) -> None:
    assert parse_json(guide.text(name)).kind == name


def test_the_kinds_are_those_of_the_database() -> None:
    assert set(guide.NAMES) == set(Kind.values)


@pytest.mark.parametrize(
    "amount", ['"subtotal":75,', '"shipping_cost":4.95,', '"total_tax":6.19,', '"total_cost":56.14}']
)
def test_amounts_are_plain_numbers(amount: str) -> None:
    assert amount in parse_json(guide.text("receipt")).as_json()


def test_the_timestamp_stays_a_string_and_the_empty_street_stays() -> None:
    text = parse_json(guide.text("receipt")).as_json()
    assert '"timestamp":"1428444852"' in text
    assert '"street_2":""' in text


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("text", []),
        ("image", []),
        ("carousel", ["attachment.payload.elements[0].image_url", "attachment.payload.elements[1].image_url"]),
        (
            "receipt",
            [
                "attachment.payload.order_url",
                "attachment.payload.elements[0].image_url",
                "attachment.payload.elements[1].image_url",
            ],
        ),
    ],
)
def test_its_only_warnings_are_the_addresses_over_http(name: str, places: list[str]) -> None:
    assert [(found.path, found.code) for found in warnings_of(parse(guide.body(name)))] == [
        (place, "http") for place in places
    ]
