"""A text, an attachment, or both."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from notifications.payloads import parse, parse_json
from tests.notifications.payloads.findings import CARD, carousel, found, image, receipt, warned

PICTURE = image(url="https://shop.example/1.png")


def test_a_text_may_go_with_an_attachment() -> None:
    body = {"text": "Look!", **PICTURE}
    assert parse(body).as_dict() == body


@pytest.mark.parametrize(
    ("body", "kind"),
    [(PICTURE, "image"), (carousel(CARD), "carousel"), (receipt(), "receipt"), ({}, "text")],
)
def test_the_kind_is_that_of_the_attachment(body: dict[str, object], kind: str) -> None:
    assert parse({"text": "Look!", **body}).kind == kind


def test_a_message_without_both_is_refused() -> None:
    assert found({}) == [("", "empty")]


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_a_blank_text_is_refused(text: str) -> None:
    assert found({"text": text}) == [("text", "blank")]


def test_a_text_of_2000_characters_is_accepted() -> None:
    assert parse({"text": "x" * 2000}).text == "x" * 2000


def test_a_text_of_2001_characters_is_refused() -> None:
    assert found({"text": "x" * 2001}) == [("text", "too_long")]


def test_characters_are_counted_as_unicode_code_points() -> None:
    assert parse({"text": "🧣" * 2000}).text
    assert found({"text": "🧣" * 2001}) == [("text", "too_long")]


@pytest.mark.parametrize(("length", "warnings"), [(320, []), (321, [("text", "long_text")])])
def test_a_text_beyond_the_guides_320_characters_is_a_warning(length: int, warnings: list[tuple[str, str]]) -> None:
    assert warned({"text": "é" * length}) == warnings


@pytest.mark.parametrize(
    ("attachment", "problem"),
    [
        ({"type": "video", "payload": {}}, ("attachment.type", "unknown_choice")),
        ({"payload": {}}, ("attachment.type", "missing")),
        ({"type": "image"}, ("attachment.payload", "missing")),
        ({"type": ["image"]}, ("attachment.type", "unknown_choice")),
        (
            {"type": "template", "payload": {"template_type": "button"}},
            ("attachment.payload.template_type", "unknown_choice"),
        ),
        ({"type": "template", "payload": {}}, ("attachment.payload.template_type", "missing")),
        ({"type": "template", "payload": []}, ("attachment.payload", "not_object")),
        ({"type": "image", "payload": "x"}, ("attachment.payload", "not_object")),
        ([], ("attachment", "not_object")),
        (1.5, ("attachment", "not_object")),
        (Decimal("1.5"), ("attachment", "not_object")),
        ("image", ("attachment", "not_object")),
    ],
)
def test_an_attachment_of_no_known_kind_is_refused(attachment: object, problem: tuple[str, str]) -> None:
    assert found({"attachment": attachment}) == [problem]


@pytest.mark.parametrize("raw", [[], "text", 1, True, None, 1.5])
def test_a_message_is_an_object(raw: object) -> None:
    assert found(raw) in ([("", "not_object")], [("", "null")])


def test_an_unset_key_does_not_appear_and_an_explicit_one_stays() -> None:
    assert parse(image(url="https://a.example/", is_reusable=False)).as_dict() == image(
        url="https://a.example/", is_reusable=False
    )
    assert "is_reusable" not in parse(PICTURE).as_json()


def test_the_json_is_compact_and_unescaped() -> None:
    assert parse_json(' { "text" : "Votre \\u00e9charpe \\ud83e\\udde3" } ').as_json() == '{"text":"Votre écharpe 🧣"}'


def test_keys_keep_the_order_in_which_they_were_given() -> None:
    text = '{"attachment":{"payload":{"is_reusable":true,"url":"https://a.example/"},"type":"image"},"text":"x"}'
    assert parse_json(text).as_json() == text


def test_the_order_of_keys_makes_no_difference_to_equality() -> None:
    assert parse({"text": "x", **PICTURE}) == parse({**PICTURE, "text": "x"})


def test_a_message_does_not_change() -> None:
    message = parse({"text": "x"})
    with pytest.raises(ValidationError):
        message.text = "y"  # type: ignore[misc]  # that it is refused is what is tested


def test_what_was_parsed_is_not_what_was_given() -> None:
    body = carousel(dict(CARD))
    message = parse(body)
    body["attachment"]["payload"]["elements"].clear()
    assert message.as_dict() == carousel(CARD)
