"""What a body looks like in Messenger, as plain data for templates/messenger/bubble.html.

Preview, history and sandbox show bodies of every age and quality: half-composed, written by an API client, refused.
So nothing here raises. What a body has is shown, and what can't be understood is shown as JSON. Nothing is
trusted either: only http and https addresses survive, and the template escapes the rest.
"""

import re
from collections.abc import Mapping
from typing import Any

from notifications.bubble.reading import loaded, mapping, mappings, pretty, web_address, words
from notifications.bubble.receipt import receipt

Part = dict[str, Any]

# A link within a text, as far as Messenger underlines it: up to a blank or a quote, without closing punctuation.
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


def bubble(body: object) -> dict[str, Any]:
    """The template's context for `body`: a mapping, or its JSON text. `parts` are in the order they arrive."""
    content = loaded(body)
    parts = _parts(content) if isinstance(content, Mapping) else []
    return {"bubble": {"parts": parts or [_raw(content)]}}


def _parts(body: Mapping[str, Any]) -> list[Part]:
    text = [_text(words(body["text"]))] if words(body.get("text")).strip() else []
    return text + ([_attachment(body["attachment"])] if body.get("attachment") else [])


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
    return {"title": words(button.get("title")), "href": web_address(button.get("url"))}


def _raw(value: object) -> Part:
    return {"kind": "raw", "template": "messenger/raw.html", "json": pretty(value)}
