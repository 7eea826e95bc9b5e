"""Buttons of templates. Pure. Messenger Platform, "Buttons reference" (April 2026)."""

from collections.abc import Callable, Mapping
from typing import Any

from messenger_admin.sandbox.messenger.checks import shapes
from messenger_admin.sandbox.messenger.refusals import refused

MAX_BUTTONS = 3
MAX_TITLE = 20
MAX_PAYLOAD = 1_000
MAX_URL = 2_083
HEIGHTS = frozenset({"compact", "tall", "full"})


def check_all(value: object, name: str, *, least: int = 0) -> None:
    for button in shapes.items(value, name, least=least, most=MAX_BUTTONS):
        check(button)


def check(button: Mapping[str, Any]) -> None:
    kind = shapes.one_of(button.get("type"), _CHECKS, "button.type")
    if kind not in UNTITLED:
        shapes.text(button, "title", most=MAX_TITLE, subcode=2018053, where="button.")
    _CHECKS[kind](button)


def check_address(button: Mapping[str, Any], *, title: bool = True) -> None:
    """A `web_url` button, or a `default_action`, which is one without a title."""
    if not title and "title" in button:
        raise refused(100, 0, "default_action has no title")
    extended = button.get("messenger_extensions") is True
    url = shapes.text(button, "url", most=MAX_URL, subcode=2018041, where="button.")
    shapes.web_address(url, "button.url", secure=extended)
    shapes.one_of(button.get("webview_height_ratio", "full"), HEIGHTS, "webview_height_ratio")


def _postback(button: Mapping[str, Any]) -> None:
    shapes.text(button, "payload", most=MAX_PAYLOAD, subcode=2018040, where="button.")


def _phone(button: Mapping[str, Any]) -> None:
    number = shapes.text(button, "payload", most=MAX_PAYLOAD, where="button.")
    if not number.startswith("+") or not number[1:].replace(" ", "").isdecimal():
        raise refused(100, 0, "Param button.payload must be a phone number with its country code")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "web_url": check_address,
    "postback": _postback,
    "phone_number": _phone,
    "account_link": check_address,
    "account_unlink": lambda _button: None,
    "game_play": lambda _button: None,
}
UNTITLED = frozenset({"account_link", "account_unlink"})
