"""A new notification of each kind, composed from the guide's data: its body is the guide's, as JSON."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import MARKETING
from notifications.models import Notification
from notifications.states import Kind
from tests.notifications.admin.composing import ADD, button, composed, opened, rows
from tests.people import client_as
from tests.support import guide

pytestmark = pytest.mark.django_db

SHOP = "https://petersapparel.parseapp.com"


def card(number: int, title: str, subtitle: str) -> dict[str, str]:
    return {
        "title": title,
        "subtitle": subtitle,
        "image_url": f"http://petersapparel.parseapp.com/img/item{number}-thumb.png",
        **button(0, "web_url", "View Item", f"{SHOP}/view_item?item_id={number}"),
        **button(1, "web_url", "Buy Item", f"{SHOP}/buy_item?item_id={number}"),
    }


CARDS = rows(
    "elements",
    card(100, "Classic White T-Shirt", "Soft white cotton t-shirt is back in style"),
    card(101, "Classic Grey T-Shirt", "Soft gray cotton t-shirt is back in style"),
)


def line(title: str, quantity: str, price: str, image: str) -> dict[str, str]:
    return {
        "title": title,
        "subtitle": "100% Soft and Luxurious Cotton",
        "quantity": quantity,
        "price": price,
        "currency": "USD",
        "image_url": f"http://petersapparel.parseapp.com/img/{image}.png",
    }


RECEIPT = {
    "recipient_name": "John Doe",
    "order_number": "12345678902",
    "currency": "usd",
    "payment_method": "Visa 2345",
    "order_url": "http://petersapparel.parseapp.com/order?order_id=123456",
    "timestamp": "2015-04-08T00:14:12",
    "street_1": "1 Hacker Way",
    "street_2": "",
    "city": "Menlo Park",
    "postal_code": "94025",
    "state": "CA",
    "country": "us",
    "subtotal": "75.00",
    "shipping_cost": "4,95",
    "total_tax": "6.19",
    "total_cost": "56.14",
    **rows(
        "elements",
        line("Classic White T-Shirt", "2", "50", "whiteshirt"),
        line("Classic Gray T-Shirt", "1", "25", "grayshirt"),
    ),
    **rows(
        "adjustments", {"name": "New Customer Discount", "amount": "20"}, {"name": "$10 Off Coupon", "amount": "10"}
    ),
}
TEXT = {"text": guide.body("text")["text"]}
IMAGE = {"url": "https://petersapparel.com/img/oculus.png"}
FIELDS: dict[str, dict[str, Any]] = {
    "text": TEXT,
    "image": IMAGE,
    "carousel": {"text": "hello, world!", **CARDS},
    "receipt": RECEIPT,
}


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.mark.parametrize("kind", guide.NAMES)
def test_the_guides_data_make_the_guides_body(marketing: Client, kind: str) -> None:
    notification = composed(marketing, kind, **FIELDS[kind])
    assert notification.body == guide.body(kind)


@pytest.mark.parametrize("kind", guide.NAMES)
def test_the_guides_data_keep_their_numbers_in_the_database(marketing: Client, kind: str) -> None:
    notification = Notification.objects.get(pk=composed(marketing, kind, **FIELDS[kind]).pk)
    assert json.dumps(notification.body, sort_keys=True) == json.dumps(guide.body(kind), sort_keys=True).replace(
        "75.0", "75"
    )


@pytest.mark.parametrize("kind", guide.NAMES)
def test_a_notification_knows_its_kind_and_who_composed_it(marketing: Client, kind: str) -> None:
    notification = composed(marketing, kind, **FIELDS[kind])
    assert (notification.kind, str(notification.created_by_id)) == (kind, marketing.session["_auth_user_id"])


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.CAROUSEL, Kind.RECEIPT])
def test_a_text_goes_with_any_other_kind(marketing: Client, kind: str) -> None:
    notification = composed(marketing, kind, **{**FIELDS[kind], "text": "See here"})
    assert notification.body["text"] == "See here"


def test_a_postback_and_a_phone_number_keep_what_they_send_and_call(marketing: Client) -> None:
    buttons = {
        **button(0, "postback", "Tell me", "INSTOCK_AB123"),
        **button(1, "phone_number", "Call us", "+33 6 12-34.56 78"),
    }
    notification = composed(marketing, "carousel", **rows("elements", {"title": "A card", **buttons}))
    assert notification.body["attachment"]["payload"]["elements"][0]["buttons"] == [
        {"type": "postback", "title": "Tell me", "payload": "INSTOCK_AB123"},
        {"type": "phone_number", "title": "Call us", "payload": "+33612345678"},
    ]


def test_the_link_of_a_card_is_its_default_action(marketing: Client) -> None:
    fields = rows("elements", {"title": "A card", "default_action": "https://shop.example/ab123"})
    payload = composed(marketing, "carousel", **fields).body["attachment"]["payload"]
    assert payload["elements"] == [
        {"title": "A card", "default_action": {"type": "web_url", "url": "https://shop.example/ab123"}}
    ]


def test_a_text_keeps_its_line_breaks_and_blanks(marketing: Client) -> None:
    assert composed(marketing, "text", text="  One\r\n\r\nTwo ").body == {"text": "  One\n\nTwo "}


def test_an_empty_line_of_a_receipt_is_left_out(marketing: Client) -> None:
    order = {name: value for name, value in RECEIPT.items() if not name.startswith("elements")}
    lines = rows("elements", {"title": "Shirt", "price": "5"}, {"title": " "})
    body = composed(marketing, "receipt", **order, **lines).body
    assert body["attachment"]["payload"]["elements"] == [{"title": "Shirt", "price": 5}]


def test_adding_asks_for_the_kind_first(marketing: Client) -> None:
    page = marketing.get(ADD).text
    assert [f"?kind={kind}" in page for kind in Kind] == [True] * len(Kind)


def test_an_unknown_kind_asks_again(marketing: Client) -> None:
    assert "?kind=carousel" in marketing.get(f"{ADD}?kind=video").text


def test_a_new_carousel_begins_with_one_card(marketing: Client) -> None:
    fields = opened(marketing, f"{ADD}?kind=carousel")
    assert (fields["elements-TOTAL_FORMS"], "elements-0-title" in fields) == ("1", True)


def test_saving_leads_to_the_list_and_tells_the_warnings(marketing: Client) -> None:
    url = f"{ADD}?kind=image"
    sent = {**opened(marketing, url), "name": "Over http", "url": "http://shop.example/a.png"}
    page = marketing.post(url, sent, follow=True)
    assert page.redirect_chain[-1][0] == reverse("admin:notifications_notification_changelist")
    assert "Image address (URL): Prefer https://" in page.text
