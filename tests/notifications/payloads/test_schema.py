"""The published JSON Schema says what the parser does."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from notifications.payloads import Message, PayloadError, limits, parse, schema
from tests.notifications.payloads.strategies import MESSAGES, broken_messages
from tests.support import guide


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def field(model: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = schema()["$defs"][model]["properties"][key]
    return found


def longest(field: dict[str, Any]) -> int:
    """Of a text without placeholders: one with them is longer to write than to read."""
    most: int = field["anyOf"][0]["maxLength"]
    return most


def test_it_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", guide.NAMES)
def test_it_accepts_the_guides_bodies(name: str) -> None:
    assert validator().is_valid(guide.body(name))


@pytest.mark.parametrize(
    ("model", "key", "limit"),
    [
        ("Card", "title", limits.CARD_TITLE),
        ("WebUrlButton", "title", limits.BUTTON_TITLE),
        ("PostbackButton", "title", limits.BUTTON_TITLE),
        ("PhoneNumberButton", "title", limits.BUTTON_TITLE),
        ("PostbackButton", "payload", limits.POSTBACK_PAYLOAD),
        ("ImagePayload", "url", limits.URL),
        ("WebUrlButton", "url", limits.URL),
        ("DefaultAction", "url", limits.URL),
    ],
)
def test_it_names_the_lengths(model: str, key: str, limit: limits.Limit) -> None:
    assert (field(model, key)["minLength"], longest(field(model, key))) == (limit.least, limit.most)


def test_it_names_the_length_of_a_text_and_of_a_subtitle() -> None:
    assert longest(schema()["properties"]["text"]) == limits.TEXT.most
    assert longest(field("Card", "subtitle")) == limits.CARD_SUBTITLE.most


@pytest.mark.parametrize(
    ("model", "key", "limit"),
    [
        ("CarouselPayload", "elements", limits.CARDS),
        ("Card", "buttons", limits.CARD_BUTTONS),
        ("ReceiptPayload", "elements", limits.RECEIPT_LINES),
    ],
)
def test_it_names_the_numbers_of_items(model: str, key: str, limit: limits.Limit) -> None:
    assert (field(model, key)["minItems"], field(model, key)["maxItems"]) == (limit.least, limit.most)


@pytest.mark.parametrize(("model", "key"), [("Line", "price"), ("Summary", "total_cost"), ("Adjustment", "amount")])
def test_money_is_a_number(model: str, key: str) -> None:
    assert field(model, key)["type"] == "number"
    assert field(model, key)["maximum"] == limits.AMOUNT.most


def test_a_quantity_is_an_integer_within_its_limits() -> None:
    assert field("Line", "quantity") == {
        "type": "integer",
        "minimum": limits.QUANTITY.least,
        "maximum": limits.QUANTITY.most,
    }


def test_null_and_unknown_keys_are_nowhere_allowed() -> None:
    text = json.dumps(schema())
    assert '"null"' not in text
    assert all(definition["additionalProperties"] is False for definition in schema()["$defs"].values())


def test_its_definitions_go_where_the_document_wants_them() -> None:
    text = json.dumps(schema("#/components/schemas/{model}"))
    assert "#/components/schemas/Card" in text
    assert "#/$defs/" not in text


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_it_accepts_whatever_a_message_can_hold(message: Message) -> None:
    validator().validate(message.as_dict())


@settings(max_examples=150, deadline=None)
@given(broken_messages())
def test_what_it_refuses_the_parser_refuses(raw: object) -> None:
    try:
        parse(raw)
    except PayloadError:
        return
    validator().validate(raw)
