"""An invalid form comes back complete, with each error at its own field and in the summary above."""

from typing import Any

import pytest
from django.test import Client

from messenger_admin.roles import MARKETING
from notifications.models import Notification
from tests.factories import NotificationFactory
from tests.notifications.admin.composing import ADD, button, opened, rows
from tests.people import client_as
from tests.support.forms import read_errors, read_form

pytestmark = pytest.mark.django_db

ORDER = {
    "recipient_name": "John Doe",
    "order_number": "1",
    "currency": "EUR",
    "payment_method": "Visa",
    "total_cost": "10",
}
FINE = {"title": "A card", "subtitle": "And more"}


def cards(*cards: dict[str, Any]) -> dict[str, Any]:
    return rows("elements", *cards)


def receipt(**fields: Any) -> dict[str, Any]:
    return {**ORDER, **fields}


# What is sent, the field that must say something, and a part of what it says.
CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("text", {"text": ""}, "id_text", "Write the text"),
    ("text", {"text": " \r\n "}, "id_text", "Write the text"),
    ("text", {"text": "x" * 2001}, "id_text", "Shorten this to 2000 characters: it has 2001"),
    ("image", {"url": ""}, "id_url", "Fill this in"),
    ("image", {"url": "petersapparel.com/a.png"}, "id_url", "https://"),
    ("image", {"url": "https://shop.example/a.png", "text": "x" * 2001}, "id_text", "Shorten this"),
    ("carousel", cards({}), "id_elements-0-title", "Fill this in"),
    ("carousel", cards(FINE, {**FINE, "title": "x" * 81}), "id_elements-1-title", "80 characters: it has 81"),
    ("carousel", cards(FINE, {**FINE, "subtitle": "x" * 81}), "id_elements-1-subtitle", "80 characters"),
    ("carousel", cards({**FINE, "image_url": "img.png"}), "id_elements-0-image_url", "https://"),
    ("carousel", cards({**FINE, "default_action": "nowhere"}), "id_elements-0-default_action", "https://"),
    (
        "carousel",
        cards(FINE, FINE, {**FINE, **button(1, "web_url", "x" * 21, "https://shop.example/")}),
        "id_elements-2-button1-title",
        "20 characters: it has 21",
    ),
    (
        "carousel",
        cards({**FINE, **button(0, "web_url", "Buy", "shop")}),
        "id_elements-0-button0-target",
        "https://",
    ),
    ("carousel", cards({**FINE, **button(2, "postback", "Buy", "")}), "id_elements-0-button2-target", "Fill this in"),
    ("carousel", cards({**FINE, **button(0, "phone_number", "Call", "06")}), "id_elements-0-button0-target", "+336"),
    ("carousel", cards({**FINE, **button(0, "share", "Share", "x")}), "id_elements-0-button0-type", "share"),
    ("receipt", receipt(total_cost=""), "id_total_cost", "Fill this in"),
    ("receipt", receipt(total_cost="ten"), "id_total_cost", "in digits"),
    ("receipt", receipt(total_cost="1,234.50"), "id_total_cost", "in digits"),
    ("receipt", receipt(total_cost="-1"), "id_total_cost", "0 or more"),
    ("receipt", receipt(total_cost="1.234"), "id_total_cost", "2 decimals"),
    ("receipt", receipt(currency="EURO"), "id_currency", "three capital letters"),
    ("receipt", receipt(timestamp="yesterday"), "id_timestamp", "the day and the time"),
    ("receipt", receipt(order_url="shop"), "id_order_url", "https://"),
    ("receipt", receipt(street_1="1 Hacker Way"), "id_city", "Fill this in"),
    ("receipt", receipt(recipient_name=""), "id_recipient_name", "Fill this in"),
    ("receipt", receipt(**cards({"title": "Shirt"})), "id_elements-0-price", "Fill this in"),
    ("receipt", receipt(**cards({"title": "S", "price": "1", "quantity": "two"})), "id_elements-0-quantity", "whole"),
    ("receipt", receipt(**cards({"title": "S", "price": "1", "quantity": "0"})), "id_elements-0-quantity", "1 or more"),
    ("receipt", receipt(**rows("adjustments", {"amount": "1"})), "id_adjustments-0-name", "Fill this in"),
    ("receipt", receipt(**rows("adjustments", {"name": "Coupon"})), "id_adjustments-0-amount", "Fill this in"),
]


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


def refused(client: Client, kind: str, fields: dict[str, Any]) -> str:
    url = f"{ADD}?kind={kind}"
    answer = client.post(url, {**opened(client, url), "name": "A message", **fields})
    assert answer.status_code == 200
    assert not Notification.objects.filter(name="A message").exists()
    return answer.text


@pytest.mark.parametrize(("kind", "fields", "field", "words"), CASES)
def test_the_error_stands_at_its_field(
    marketing: Client, kind: str, fields: dict[str, Any], field: str, words: str
) -> None:
    assert words in read_errors(refused(marketing, kind, fields)).get(field, "")


@pytest.mark.parametrize(("kind", "fields", "field", "words"), CASES)
def test_the_summary_leads_to_the_field(
    marketing: Client, kind: str, fields: dict[str, Any], field: str, words: str
) -> None:
    summary = refused(marketing, kind, fields).split("data-errors")[1].split("</ul>")[0]
    assert f'<a href="#{field}">' in summary


@pytest.mark.parametrize(("kind", "fields", "field", "words"), CASES)
def test_the_form_comes_back_with_every_value(
    marketing: Client, kind: str, fields: dict[str, Any], field: str, words: str
) -> None:
    back = read_form(refused(marketing, kind, fields), "notification_form")
    expected = {name: str(value) for name, value in fields.items() if not name.endswith("button0-type")}
    assert {name: back.get(name) for name in expected} == expected


def test_the_error_of_a_card_without_anything_but_a_title_stands_at_the_card(marketing: Client) -> None:
    page = refused(marketing, "carousel", cards(FINE, {"title": "Alone"}))
    row = page.split('id="part-elements-1"')[1].split("data-row\n")[0]
    assert "a card needs more than its title" in row


def test_a_card_that_is_not_the_first_is_named_by_its_place(marketing: Client) -> None:
    sent = {**cards(FINE, {"title": ""}), "elements-0-ORDER": 2, "elements-1-ORDER": 1}
    page = refused(marketing, "carousel", sent)
    assert '<a href="#id_elements-1-title">Card 1: Title</a>' in page


def test_an_eleventh_card_is_refused_at_the_list(marketing: Client) -> None:
    page = refused(marketing, "carousel", cards(*[FINE] * 11))
    assert '<a href="#list-elements">Cards</a>: Keep at most 10 here' in page


def test_a_removed_card_needs_nothing(marketing: Client) -> None:
    url = f"{ADD}?kind=carousel"
    sent = {**opened(marketing, url), "name": "One card", **cards(FINE, {"title": ""}), "elements-1-DELETE": "on"}
    assert marketing.post(url, sent).status_code == 302


def test_without_any_card_the_list_says_so(marketing: Client) -> None:
    page = refused(marketing, "carousel", {**cards(FINE), "elements-0-DELETE": "on"})
    assert '<a href="#list-elements">Cards</a>: Add at least one.' in page


def test_a_name_that_is_taken_is_refused_at_the_name(marketing: Client) -> None:
    NotificationFactory(name="Taken")
    url = f"{ADD}?kind=text"
    page = marketing.post(url, {**opened(marketing, url), "name": "Taken", "text": "Hello"}).text
    assert "id_name" in read_errors(page)


def test_a_form_whose_row_numbers_were_tampered_with_is_no_server_error(marketing: Client) -> None:
    sent = {**cards(FINE), "elements-TOTAL_FORMS": "x", "elements-0-ORDER": "9" * 40}
    assert "Cards" in refused(marketing, "carousel", sent)


def test_what_travels_along_is_judged_like_the_rest(marketing: Client) -> None:
    page = refused(marketing, "text", {"text": "Hello", "kept": '{"quick_replies": []}'})
    assert "quick_replies: " in page


@pytest.mark.parametrize("kept", ["{", "[]", "null", "[" * 100_000])
def test_what_travels_along_broken_is_dropped(marketing: Client, kept: str) -> None:
    url = f"{ADD}?kind=text"
    sent = {**opened(marketing, url), "name": "A message", "text": "Hello", "kept": kept}
    assert marketing.post(url, sent).status_code == 302
