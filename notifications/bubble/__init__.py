"""What a body looks like in Messenger, as plain data for templates/messenger/bubble.html.

Preview, history and sandbox show bodies of every age and quality: half-composed, written by an API client, refused.
So nothing here raises. What a body has is shown, and what can't be understood is shown as JSON. Nothing is
trusted either: only http and https addresses survive, and the template escapes the rest.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from notifications.bubble.reading import loaded, mapping, mappings, pretty, web_address, words
from notifications.bubble.receipt import receipt
from notifications.payloads import utility

Part = dict[str, Any]

# A link within a text, as far as Messenger underlines it: up to a blank or a quote, without closing punctuation.
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


def bubble(body: object, *, tappable: bool = False) -> dict[str, Any]:
    """The template's context for `body`: a mapping, or its JSON text. `parts` are in the order they arrive.

    `tappable`: buttons that answer the page can be tapped, as on a phone.
    """
    content = loaded(body)
    parts = _parts(content) if isinstance(content, Mapping) else []
    return {"bubble": {"parts": parts or [_raw(content)]}, "tappable": tappable}


def of_template(components: Sequence[Mapping[str, Any]], parameters: Mapping[str, str]) -> dict[str, Any]:
    """A utility template as a body that `bubble` shows, filled as far as `parameters` go."""
    seen = utility.shown(components, parameters)
    buttons = [{"title": button.title, "url": button.url} for button in seen.buttons]
    return {"utility": {"header": seen.header, "body": seen.body, "has_image": seen.has_image, "buttons": buttons}}


def _parts(body: Mapping[str, Any]) -> list[Part]:
    if isinstance(instead := body.get("utility"), Mapping) and "body" in instead:
        return [_utility(instead)]
    text = [_text(words(body["text"]))] if words(body.get("text")).strip() else []
    attachment = [_attachment(body["attachment"])] if body.get("attachment") else []
    several = [_attachment(one) for one in mappings(body.get("attachments"))]
    return text + attachment + several + _quick_replies(body)


def _quick_replies(body: Mapping[str, Any]) -> list[Part]:
    replies = [_button(reply) for reply in mappings(body.get("quick_replies")) if words(reply.get("title"))]
    return [{"kind": "replies", "template": "messenger/replies.html", "buttons": replies}] if replies else []


def _text(text: str) -> Part:
    end, runs = 0, []
    for link in LINK.finditer(text):
        runs.append({"text": text[end : link.start()], "href": ""})
        runs.append({"text": link.group(), "href": web_address(link.group())})
        end = link.end()
    return {"kind": "text", "template": "messenger/text.html", "runs": [*runs, {"text": text[end:], "href": ""}]}


def _attachment(value: object) -> Part:
    attachment = mapping(value)
    payload = mapping(attachment.get("payload"))
    match attachment.get("type"), payload.get("template_type"):
        case "image", _:
            return {"kind": "image", "template": "messenger/image.html", "src": web_address(payload.get("url"))}
        case "template", "generic":
            return _carousel(payload)
        case "template", "receipt":
            return {"kind": "receipt", "template": "messenger/receipt.html", **receipt(payload)}
        case "template", "button":
            return _utility({"body": payload.get("text"), "buttons": payload.get("buttons")})
        case _:
            return _raw(value)


def _carousel(payload: Mapping[str, Any]) -> Part:
    cards = [_card(element) for element in mappings(payload.get("elements"))]
    square = payload.get("image_aspect_ratio") == "square"
    return {"kind": "carousel", "template": "messenger/carousel.html", "cards": cards, "square": square}


def _card(element: Mapping[str, Any]) -> Part:
    return {
        "title": words(element.get("title")),
        "subtitle": words(element.get("subtitle")),
        "has_image": bool(element.get("image_url")),
        "src": web_address(element.get("image_url")),
        "href": web_address(mapping(element.get("default_action")).get("url")),
        "buttons": [_button(button) for button in mappings(element.get("buttons"))],
    }


def _button(button: Mapping[str, Any]) -> Part:
    """`payload` is what a tap says to the page; a button that leads somewhere has none."""
    href = web_address(button.get("url"))
    said = button.get("type", "postback") == "postback" or button.get("content_type") == "text"
    payload = words(button.get("payload")) if said and not href else ""
    return {"title": words(button.get("title")), "href": href, "payload": payload}


def _utility(seen: Mapping[str, Any]) -> Part:
    """One without header and buttons shows as any text does."""
    text, buttons = words(seen.get("body")), [_button(button) for button in mappings(seen.get("buttons"))]
    if not (seen.get("header") or seen.get("has_image") or buttons):
        return _text(text)
    return {
        "kind": "utility",
        "template": "messenger/utility.html",
        "header": words(seen.get("header")),
        "has_image": bool(seen.get("has_image")),
        "runs": _text(text)["runs"],
        "buttons": buttons,
    }


def _raw(value: object) -> Part:
    return {"kind": "raw", "template": "messenger/raw.html", "json": pretty(value)}
