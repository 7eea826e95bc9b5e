"""What the Send API takes and refuses of a body, limit by limit, with Facebook's codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messenger_admin.sandbox.facebook.graph.errors import Refusal
from messenger_admin.sandbox.messenger.checks import envelope

TEXT = {"text": "Bonjour"}
GUIDE = Path(__file__).parents[3] / "data" / "guide"


def error(body: Any) -> tuple[int, int]:
    try:
        envelope.check(body)
    except Refusal as refusal:
        return refusal.code, refusal.subcode
    return 0, 0


def of(message: Any, **more: Any) -> tuple[int, int]:
    return error({"recipient": {"id": "7"}, "messaging_type": "UPDATE", "message": message, **more})


def template(**payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def card(**more: Any) -> dict[str, Any]:
    return template(template_type="generic", elements=[{"title": "Sac", "subtitle": "Cuir", **more}])


def button(**more: Any) -> dict[str, Any]:
    return card(buttons=[{"type": "postback", "title": "Oui", "payload": "YES", **more}])


def link(**more: Any) -> dict[str, Any]:
    return card(buttons=[{"type": "web_url", "title": "Voir", "url": "https://shop.example/sac", **more}])


def receipt(**more: Any) -> dict[str, Any]:
    known = {
        "template_type": "receipt",
        "recipient_name": "Claire Martin",
        "order_number": "871",
        "currency": "EUR",
        "payment_method": "CB",
        "summary": {"total_cost": 84.8},
    }
    return template(**{name: value for name, value in (known | more).items() if value is not None})


def replies(*given: Any) -> dict[str, Any]:
    return TEXT | {"quick_replies": list(given)}


def reply(**more: Any) -> dict[str, Any]:
    return {"content_type": "text", "title": "Oui", "payload": "YES", **more}


ADDRESS = {"street_1": "3 rue des Lilas", "city": "Nantes", "postal_code": "44000", "state": "PdL", "country": "FR"}
PICTURE = {"type": "image", "payload": {"url": "https://cdn.shop.example/1.jpg"}}

ENVELOPES: list[tuple[Any, tuple[int, int]]] = [
    ({}, (100, 0)),
    ({"recipient": {}}, (100, 0)),
    ({"recipient": "7"}, (100, 0)),
    ({"recipient": {"id": 7}}, (100, 0)),
    ({"recipient": {"id": ""}}, (100, 0)),
    ({"recipient": {"id": "7", "user_ref": "u"}}, (100, 0)),
    ({"recipient": {"user_ref": "u"}}, (100, 2018001)),
    ({"recipient": {"notification_messages_token": "t"}}, (100, 2018001)),
    ({"recipient": {"id": "7"}}, (100, 2018015)),
    ({"recipient": {"id": "7"}, "message": TEXT}, (100, 0)),
    ({"recipient": {"id": "7"}, "messaging_type": "PROMOTION", "message": TEXT}, (100, 0)),
    ({"recipient": {"id": "7"}, "messaging_type": "UPDATE", "tag": "HUMAN_AGENT", "message": TEXT}, (100, 0)),
    ({"recipient": {"id": "7"}, "messaging_type": "MESSAGE_TAG", "message": TEXT}, (100, 0)),
    (
        {"recipient": {"id": "7"}, "messaging_type": "MESSAGE_TAG", "tag": "CUSTOMER_FEEDBACK", "message": TEXT},
        (100, 0),
    ),
    ({"recipient": {"id": "7"}, "sender_action": "typing_on"}, (0, 0)),
    ({"recipient": {"id": "7"}, "sender_action": "dance"}, (100, 0)),
    ({"recipient": {"id": "7"}, "sender_action": "typing_on", "message": TEXT}, (100, 0)),
    ({"recipient": {"id": "7"}, "sender_action": "react"}, (100, 0)),
    ({"recipient": {"id": "7"}, "sender_action": "react", "payload": {"message_id": "m_1"}}, (0, 0)),
    ({"recipient": {"id": "7"}, "messaging_type": "UPDATE", "message": TEXT, "notification_type": "LOUD"}, (100, 0)),
    ({"recipient": {"id": "7"}, "messaging_type": "UPDATE", "message": "text"}, (100, 0)),
]

MESSAGES: list[tuple[Any, tuple[int, int]]] = [
    ({"text": "a" * 2_000}, (0, 0)),
    ({"text": "é" * 2_000}, (0, 0)),
    ({"text": "a" * 2_001}, (100, 0)),
    ({"text": " \n"}, (100, 2018034)),
    ({"text": 7}, (100, 0)),
    ({}, (100, 2018034)),
    (TEXT | {"metadata": "a" * 1_000}, (0, 0)),
    (TEXT | {"metadata": "a" * 1_001}, (100, 0)),
    (TEXT | {"attachment": PICTURE}, (100, 0)),
    (TEXT | {"template": {"name": "x", "language": {"code": "fr"}}}, (100, 0)),
    ({"attachment": PICTURE}, (0, 0)),
    ({"attachment": {"type": "picture", "payload": {"url": "https://a.example"}}}, (100, 0)),
    ({"attachment": {"type": "image"}}, (100, 0)),
    ({"attachment": {"type": "image", "payload": {}}}, (100, 0)),
    ({"attachment": {"type": "image", "payload": {"url": "ftp://a.example"}}}, (100, 0)),
    ({"attachment": {"type": "image", "payload": {"attachment_id": "1"}}}, (100, 2018074)),
    ({"attachment": []}, (100, 0)),
    ({"attachments": [PICTURE] * 30}, (0, 0)),
    ({"attachments": [PICTURE] * 31}, (100, 0)),
    ({"attachments": []}, (194, 0)),
    ({"attachments": [PICTURE | {"type": "video"}]}, (100, 0)),
    (replies(*[reply()] * 13), (0, 0)),
    (replies(*[reply()] * 14), (100, 0)),
    (replies(reply(title="")), (100, 2018098)),
    (replies(reply(title="a" * 21)), (100, 0)),
    (replies(reply(payload="")), (100, 2018099)),
    (replies(reply(payload="a" * 1_001)), (100, 0)),
    (replies({"content_type": "user_email"}), (0, 0)),
    (replies({"content_type": "location"}), (100, 0)),
    ({"attachment": PICTURE, "quick_replies": [reply()]}, (0, 0)),
]

TEMPLATES: list[tuple[Any, tuple[int, int]]] = [
    (card(), (0, 0)),
    (template(template_type="poem"), (100, 0)),
    (template(), (100, 0)),
    (template(template_type="generic"), (194, 0)),
    (template(template_type="generic", elements=[]), (194, 0)),
    (template(template_type="generic", elements=[{"title": "a", "subtitle": "b"}] * 10), (0, 0)),
    (template(template_type="generic", elements=[{"title": "a", "subtitle": "b"}] * 11), (100, 0)),
    (template(template_type="generic", elements="one"), (100, 0)),
    (
        template(template_type="generic", image_aspect_ratio="round", elements=[{"title": "a", "subtitle": "b"}]),
        (100, 0),
    ),
    (template(template_type="generic", elements=[{"title": "a"}]), (100, 2018035)),
    (card(title=""), (100, 2018035)),
    (card(title="a" * 81), (100, 0)),
    (card(subtitle="a" * 81), (100, 0)),
    (card(image_url="no"), (100, 0)),
    (card(default_action={"type": "web_url", "url": "https://shop.example"}), (0, 0)),
    (card(default_action={"type": "web_url", "url": "https://shop.example", "title": "x"}), (100, 0)),
    (card(default_action={"type": "postback", "payload": "x"}), (100, 0)),
    (card(buttons=[{"type": "postback", "title": "a", "payload": "b"}] * 3), (0, 0)),
    (card(buttons=[{"type": "postback", "title": "a", "payload": "b"}] * 4), (100, 0)),
    (button(title=""), (100, 2018053)),
    (button(title="a" * 20), (0, 0)),
    (button(title="a" * 21), (100, 0)),
    (button(payload=""), (100, 2018040)),
    (button(payload="a" * 1_001), (100, 0)),
    (button(type="wink"), (100, 0)),
    (button(type="phone_number", payload="+33 6 12 34 56 78"), (0, 0)),
    (button(type="phone_number", payload="0612345678"), (100, 0)),
    (link(), (0, 0)),
    (link(url=""), (100, 2018041)),
    (link(url="http://shop.example"), (0, 0)),
    (link(url="http://shop.example", messenger_extensions=True), (100, 0)),
    (link(url="javascript:alert(1)"), (100, 0)),
    (link(webview_height_ratio="tall"), (0, 0)),
    (link(webview_height_ratio="huge"), (100, 0)),
    (
        template(template_type="button", text="a" * 640, buttons=[{"type": "postback", "title": "a", "payload": "b"}]),
        (0, 0),
    ),
    (
        template(template_type="button", text="a" * 641, buttons=[{"type": "postback", "title": "a", "payload": "b"}]),
        (100, 0),
    ),
    (template(template_type="button", text="a", buttons=[]), (194, 0)),
    (
        template(template_type="media", elements=[{"media_type": "image", "url": "https://www.facebook.com/p/1"}]),
        (0, 0),
    ),
    (template(template_type="media", elements=[{"media_type": "image", "url": "https://a.example"}]), (100, 2018175)),
    (template(template_type="one_time_notif_req", title="a" * 65, payload="p"), (0, 0)),
    (template(template_type="one_time_notif_req", title="a" * 66, payload="p"), (100, 0)),
]

RECEIPTS: list[tuple[Any, tuple[int, int]]] = [
    (receipt(), (0, 0)),
    *[(receipt(**{name: None}), (100, 0)) for name in ("recipient_name", "order_number", "currency", "payment_method")],
    (receipt(summary=None), (100, 0)),
    (receipt(summary={"subtotal": 1}), (100, 0)),
    (receipt(summary={"total_cost": "84.80"}), (100, 0)),
    (receipt(currency="EURO"), (100, 0)),
    (receipt(timestamp="1790000000"), (0, 0)),
    (receipt(timestamp=1_790_000_000), (100, 0)),
    (receipt(elements=[{"title": "Sac", "price": 0}] * 100), (0, 0)),
    (receipt(elements=[{"title": "Sac", "price": 0}] * 101), (100, 0)),
    (receipt(elements=[{"title": "Sac"}]), (100, 0)),
    (receipt(elements=[{"price": 1}]), (100, 0)),
    (receipt(adjustments=[{"name": "Code", "amount": 10}]), (0, 0)),
    (receipt(adjustments=[{"name": "Code"}]), (100, 0)),
    (receipt(address=ADDRESS), (0, 0)),
    (receipt(address=ADDRESS | {"street_2": ""}), (0, 0)),
    (receipt(address=ADDRESS | {"city": ""}), (100, 0)),
    (receipt(address=ADDRESS | {"country": "FRA"}), (100, 0)),
]


@pytest.mark.parametrize(("body", "expected"), ENVELOPES)
def test_an_envelope(body: Any, expected: tuple[int, int]) -> None:
    assert error(body) == expected


@pytest.mark.parametrize(("message", "expected"), [*MESSAGES, *TEMPLATES, *RECEIPTS])
def test_a_message(message: Any, expected: tuple[int, int]) -> None:
    assert of(message) == expected


@pytest.mark.parametrize("path", sorted(GUIDE.glob("*.json")), ids=lambda path: path.stem)
def test_the_guides_examples_go_through_part_by_part(path: Path) -> None:
    body = json.loads(path.read_bytes())

    for name in ("text", "attachment"):
        if name in body:
            assert of({name: body[name]}) == (0, 0)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("text", "attachment", "attachments", "template", "quick_replies", "metadata", "type", "payload", "elements")


@given(
    st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=4), st.sampled_from(["UPDATE", "UTILITY", "MESSAGE_TAG"])
)
def test_nothing_but_a_refusal_comes_of_anything(message: Any, kind: str) -> None:
    error({"recipient": {"id": "7"}, "messaging_type": kind, "tag": message.get("type"), "message": message})


@given(st.sampled_from(["generic", "button", "receipt", "media", "customer_feedback"]), ANYTHING, ANYTHING)
def test_nothing_but_a_refusal_comes_of_any_template(kind: str, one: Any, other: Any) -> None:
    names = (
        "elements",
        "buttons",
        "summary",
        "address",
        "adjustments",
        "text",
        "title",
        "feedback_screens",
        "currency",
    )
    for name in names:
        of(template(template_type=kind, **{name: one}, recipient_name="a", order_number="b", payment_method="c"))
        of(card(**{name: other}))
        of(button(**{name: one}))
