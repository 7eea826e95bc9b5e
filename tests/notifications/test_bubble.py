"""The bubble: every body is shown as far as it goes, nothing in it is trusted, and none of it makes it fail."""

import json
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from notifications.bubble import bubble
from notifications.bubble.excerpt import excerpt
from notifications.bubble.receipt import money
from tests.support import guide

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KEYS = ["text", "attachment", "type", "payload", "template_type", "elements", "buttons", "summary", "address", "url"]
VALUES = st.sampled_from(["image", "template", "generic", "receipt", "USD", "12", "https://[", "javascript:x"])
# Shaped like a message, and wrong in any way.
ALMOST = st.recursive(
    JSON | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner | VALUES, max_size=6),
    max_leaves=25,
)


def html(body: object) -> str:
    return render_to_string("messenger/bubble.html", bubble(body))


def card(**keys: Any) -> dict[str, Any]:
    payload = {"template_type": "generic", "elements": [keys]}
    return {"attachment": {"type": "template", "payload": payload}}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("text", ["text"]), ("image", ["image"]), ("carousel", ["text", "carousel"]), ("receipt", ["receipt"])],
)
def test_the_guides_messages_arrive_as_their_kinds_in_order(name: str, kinds: list[str]) -> None:
    assert [part["kind"] for part in bubble(guide.body(name))["bubble"]["parts"]] == kinds


@pytest.mark.parametrize("name", guide.NAMES)
def test_a_body_and_its_json_text_look_the_same(name: str) -> None:
    assert html(guide.text(name)) == html(guide.body(name))


def test_a_carousel_shows_titles_subtitles_images_and_buttons() -> None:
    shown = html(guide.body("carousel"))
    for words in ("Classic White T-Shirt", "Soft gray cotton", "item101-thumb.png", "Buy Item", "2 cards"):
        assert words in shown


def test_a_receipt_shows_lines_payment_address_reductions_and_total() -> None:
    shown = html(guide.body("receipt"))
    for words in ("$50.00", "Visa 2345", "Menlo Park, CA 94025", "$10 Off Coupon", "−$20.00", "$56.14", "12345678902"):
        assert words in shown


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        (4.95, "USD", "en", "$4.95"),
        (75.00, "EUR", "fr", "75,00\xa0€"),
        (1000, "JPY", "en", "¥1,000"),
        (5.125, "EUR", "en", "5.125 EUR"),
        (0, "EUR", "en", "€0.00"),
        (None, "EUR", "en", ""),
        ("free", "EUR", "en", "free"),
        (float("inf"), "EUR", "en", "inf EUR"),
        (10**30, "EUR", "en", f"{10**30} EUR"),
        (1, "", "en", "1.00"),
    ],
)
def test_money_is_written_in_its_currency_and_the_readers_language(
    amount: object, currency: str, language: str, expected: str
) -> None:
    with translation.override(language):
        assert money(amount, currency) == expected


def test_an_address_outside_america_begins_its_place_with_the_postal_code() -> None:
    body = guide.body("receipt")
    body["attachment"]["payload"]["address"] |= {"city": "Nantes", "postal_code": "44000", "country": "FR"}
    assert "44000 Nantes" in html(body)


def test_links_within_a_text_can_be_followed() -> None:
    shown = html({"text": "See https://shop.example/a?b=1&c=2, or (http://x.example)."})
    assert 'href="https://shop.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow"' in shown
    assert '<a href="http://x.example" target="_blank" rel="noopener noreferrer nofollow">' in shown


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<b>", "JAVASCRIPT:alert(1)", "//x", "https://["]
)
def test_no_other_address_is_ever_followed_or_loaded(url: str) -> None:
    buttons = [{"type": "web_url", "title": "Go", "url": url}]
    shown = html(card(title="T", image_url=url, default_action={"url": url}, buttons=buttons))
    assert ("href=" in shown, "src=" in shown) == (False, False)


def test_an_image_without_a_usable_address_keeps_its_place() -> None:
    assert "msgr-nothing" in html(card(title="T", image_url="x"))


@pytest.mark.parametrize("body", ["{", "", "[1]", None, 7, [], {}, {"attachment": {"type": "video"}}, b"\xff"])
def test_what_is_no_message_is_shown_as_it_is(body: object) -> None:
    assert "msgr-raw" in html(body)


@pytest.mark.parametrize(
    "body", [{"text": "<img src=x onerror=alert(1)>"}, card(title="<img src=x onerror=a>"), "<img "]
)
def test_markup_is_shown_as_text(body: object) -> None:
    assert "<img " not in html(body)


def test_half_a_character_is_replaced() -> None:
    assert "?" in html({"text": "\ud800"})


def test_a_body_too_deep_for_json_is_survived() -> None:
    assert "msgr-raw" in html('{"text":' * 100_000)


def test_numbers_of_thousands_of_digits_are_survived() -> None:
    assert "…" in html(
        {
            "attachment": {
                "type": "template",
                "payload": {"template_type": "receipt", "summary": {"total_cost": 10**5000}},
            }
        }
    )


@given(ALMOST)
def test_nothing_makes_it_fail(body: object) -> None:
    html(body).encode()
    html({"text": "x", "attachment": body}).encode()
    excerpt(body).encode()


@given(st.text() | st.binary())
def test_no_text_makes_it_fail(body: str | bytes) -> None:
    html(body).encode()


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (guide.body("text"), "Your order has been placed."),
        (guide.body("receipt"), "Order 12345678902"),
        (guide.body("image"), "https://petersapparel.com/img/oculus.png"),
        ({"attachment": guide.body("carousel")["attachment"]}, "Classic White T-Shirt · Classic Grey T-Shirt"),
        ({"text": "two\n lines"}, "two lines"),
        (json.dumps({"text": "as text"}), "as text"),
        ({}, "–"),
    ],
)
def test_an_excerpt_tells_one_message_from_another(body: object, line: str) -> None:
    assert excerpt(body).startswith(line)
