"""Templates by `template_type`. Pure. Messenger Platform, "Message templates" (April to June 2026)."""

from collections.abc import Callable, Mapping
from typing import Any

from messenger_admin.sandbox.messenger.checks import buttons, receipt, shapes
from messenger_admin.sandbox.messenger.refusals import refused

MAX_CARDS = 10
MAX_TITLE = 80
MAX_BUTTON_TEXT = 640
MAX_REQUEST_TITLE = 65
RATIOS = frozenset({"horizontal", "square"})


def _generic(payload: Mapping[str, Any]) -> None:
    shapes.one_of(payload.get("image_aspect_ratio", "horizontal"), RATIOS, "image_aspect_ratio")
    for card in shapes.items(payload.get("elements", []), "elements", least=1, most=MAX_CARDS):
        shapes.text(card, "title", most=MAX_TITLE, subcode=2018035, where="elements.")
        shapes.optional(card, "subtitle", most=MAX_TITLE, where="elements.")
        if not any(card.get(name) for name in ("subtitle", "image_url", "default_action", "buttons")):
            raise refused(100, 2018035)
        _parts(card)


def _parts(card: Mapping[str, Any]) -> None:
    if card.get("image_url"):
        shapes.web_address(shapes.optional(card, "image_url", most=buttons.MAX_URL), "elements.image_url")
    if card.get("default_action") is not None:
        action = shapes.mapping(card["default_action"], "default_action")
        if action.get("type") != "web_url":
            raise refused(100, 0, "Param default_action.type must be web_url")
        buttons.check_address(action, title=False)
    if card.get("buttons") is not None:
        buttons.check_all(card["buttons"], "elements.buttons")


def _button(payload: Mapping[str, Any]) -> None:
    shapes.text(payload, "text", most=MAX_BUTTON_TEXT, where="payload.")
    buttons.check_all(payload.get("buttons", []), "buttons", least=1)


def _media(payload: Mapping[str, Any]) -> None:
    """One picture or video, by its id or an address on Facebook."""
    for element in shapes.items(payload.get("elements", []), "elements", least=1, most=1):
        if element.get("media_type") not in ("image", "video"):
            raise refused(100, 2018173, "Media template needs a media_type")
        if not element.get("url") and not element.get("attachment_id"):
            raise refused(100, 2018174, "Media template needs a url or an attachment_id")
        url = str(element.get("url") or "https://www.facebook.com/")
        if not url.startswith(("https://www.facebook.com/", "https://business.facebook.com/")):
            raise refused(100, 2018175, "Media template takes Facebook URLs only")
        if element.get("buttons") is not None:
            buttons.check_all(element["buttons"], "elements.buttons")


def _feedback(payload: Mapping[str, Any]) -> None:
    shapes.text(payload, "title", most=MAX_TITLE, where="payload.")
    shapes.items(payload.get("feedback_screens", []), "feedback_screens", least=1, most=1)


def _request(payload: Mapping[str, Any]) -> None:
    shapes.text(payload, "title", most=MAX_REQUEST_TITLE, where="payload.")
    shapes.text(payload, "payload", most=buttons.MAX_PAYLOAD, where="payload.")


TEMPLATES: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "generic": _generic,
    "button": _button,
    "receipt": receipt.check,
    "media": _media,
    "customer_feedback": _feedback,
    "one_time_notif_req": _request,
}
