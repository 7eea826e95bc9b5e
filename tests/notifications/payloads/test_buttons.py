"""Buttons, and the tap on a card."""

from typing import Any

import pytest

from notifications.payloads import parse
from tests.notifications.payloads.findings import buttons, card, carousel, found, web_url

BUTTON = "attachment.payload.elements[0].buttons[0]"
ACTION = "attachment.payload.elements[0].default_action"

POSTBACK = {"type": "postback", "title": "Call me back", "payload": "REMIND:scarf"}
PHONE = {"type": "phone_number", "title": "Call us", "payload": "+33240000000"}


@pytest.mark.parametrize(
    "button",
    [
        web_url(),
        web_url(title="x" * 20),
        web_url(url="http://shop.example/"),
        web_url(webview_height_ratio="compact", messenger_extensions=True),
        web_url(webview_height_ratio="tall"),
        web_url(webview_height_ratio="full", messenger_extensions=False, url="http://shop.example/"),
        POSTBACK,
        {**POSTBACK, "payload": "x" * 1000},
        PHONE,
    ],
)
def test_a_button_comes_back_as_it_was_given(button: dict[str, Any]) -> None:
    assert parse(buttons(button)).as_dict() == buttons(button)


@pytest.mark.parametrize(
    ("button", "key", "code"),
    [
        (web_url(title="x" * 21), "title", "too_long"),
        (web_url(title=""), "title", "blank"),
        (web_url(url="shop.example"), "url", "url_scheme"),
        ({"type": "web_url", "title": "View"}, "url", "missing"),
        (web_url(webview_height_ratio="huge"), "webview_height_ratio", "unknown_choice"),
        (web_url(messenger_extensions="yes"), "messenger_extensions", "not_true_or_false"),
        (web_url(messenger_extensions=True, url="http://shop.example/"), "url", "https_needed"),
        ({**POSTBACK, "payload": ""}, "payload", "blank"),
        ({**POSTBACK, "payload": "x" * 1001}, "payload", "too_long"),
        ({**POSTBACK, "payload": {"a": 1}}, "payload", "not_text"),
        ({**POSTBACK, "url": "https://shop.example/"}, "url", "unknown_key"),
        ({**PHONE, "payload": "0240000000"}, "payload", "phone_number"),
        ({**PHONE, "payload": "+33 2 40 00 00 00"}, "payload", "phone_number"),
        ({**PHONE, "payload": "+33240000000\n"}, "payload", "phone_number"),
        ({**PHONE, "payload": "+٣٣٢٤٠٠٠٠٠٠٠"}, "payload", "phone_number"),
        ({**PHONE, "payload": "+1234567890123456"}, "payload", "phone_number"),
        ({"type": "element_share"}, "type", "unknown_choice"),
        ({"title": "View"}, "type", "missing"),
    ],
)
def test_a_wrong_button_is_named_by_its_key(button: dict[str, Any], key: str, code: str) -> None:
    assert found(buttons(button)) == [(f"{BUTTON}.{key}", code)]


def test_the_third_card_and_its_first_button_are_named_by_their_indexes() -> None:
    body = carousel(card(), card(), card(buttons=[web_url(title="x" * 21)]))
    assert found(body) == [("attachment.payload.elements[2].buttons[0].title", "too_long")]


@pytest.mark.parametrize(
    ("action", "key", "code"),
    [
        ({"type": "postback", "url": "https://shop.example/"}, ".type", "unknown_choice"),
        ({"type": "web_url"}, ".url", "missing"),
        (web_url(), ".title", "unknown_key"),
        (
            {"type": "web_url", "url": "http://shop.example/", "messenger_extensions": True},
            ".url",
            "https_needed",
        ),
        ("https://shop.example/", "", "not_object"),
    ],
)
def test_a_default_action_is_a_web_url_without_title(action: object, key: str, code: str) -> None:
    assert found(carousel(card(default_action=action))) == [(f"{ACTION}{key}", code)]
