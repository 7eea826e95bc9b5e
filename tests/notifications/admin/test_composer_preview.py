"""The preview: what stands in the form now, as Messenger shows it, with what is wrong and what is worth a look."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Notification
from tests.notifications.admin.composing import ADD, opened, rows
from tests.people import NOBODY, STRANGER, client_as

pytestmark = pytest.mark.django_db

PREVIEW = reverse("admin:notifications_notification_preview")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


def preview(client: Client, kind: str, **fields: Any) -> str:
    sent = {**opened(client, f"{ADD}?kind={kind}"), **fields}
    answer = client.post(f"{PREVIEW}?kind={kind}", sent)
    assert answer.status_code == 200
    return answer.text


def test_it_shows_what_stands_in_the_form_and_saves_nothing(marketing: Client) -> None:
    html = preview(marketing, "text", text="Your order has been placed.")
    assert ("Your order has been placed." in html, "Ready to be sent." in html) == (True, True)
    assert not Notification.objects.exists()


def test_a_half_written_message_is_shown_with_what_is_missing(marketing: Client) -> None:
    html = preview(marketing, "carousel", **rows("elements", {"subtitle": "Without a title"}))
    assert "Without a title" in html
    assert '<a href="#id_elements-0-title">Card 1: Title</a>: Fill this in' in html


def test_warnings_do_not_keep_it_from_being_sent(marketing: Client) -> None:
    html = preview(marketing, "text", text="x" * 321)
    assert ("this text has 321" in html, "before it can be sent" in html) == (True, False)


def test_a_blank_form_says_what_will_appear(marketing: Client) -> None:
    assert "appears here as you write" in preview(marketing, "image")


def test_the_cards_stand_in_the_order_of_their_numbers(marketing: Client) -> None:
    cards = rows("elements", {"title": "One", "subtitle": "."}, {"title": "Two", "subtitle": "."})
    html = preview(marketing, "carousel", **cards | {"elements-0-ORDER": 2, "elements-1-ORDER": 1})
    assert html.index("Two") < html.index("One")


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("text", {"text": SCRIPT}),
    ("image", {"url": f'https://x/"{SCRIPT}'}),
    (
        "carousel",
        rows("elements", {"title": SCRIPT, "subtitle": SCRIPT, "image_url": SCRIPT, "default_action": SCRIPT}),
    ),
    ("carousel", rows("elements", {"button0-type": "postback", "button0-title": SCRIPT, "button0-target": SCRIPT})),
    ("receipt", dict.fromkeys(("recipient_name", "order_number", "currency", "total_cost", "city"), SCRIPT)),
    ("receipt", rows("elements", {"title": SCRIPT, "price": SCRIPT, "currency": SCRIPT})),
    ("receipt", rows("adjustments", {"name": SCRIPT, "amount": SCRIPT})),
    ("text", {"kept": '{"<script>alert(1)</script>": 1}', "text": "Hello"}),
]


@pytest.mark.parametrize(("kind", "fields"), HOSTILE)
def test_no_text_becomes_markup(marketing: Client, kind: str, fields: dict[str, Any]) -> None:
    assert "<script" not in preview(marketing, kind, **fields)


@pytest.mark.parametrize(("kind", "fields"), HOSTILE)
def test_no_text_becomes_markup_in_the_form_either(marketing: Client, kind: str, fields: dict[str, Any]) -> None:
    url = f"{ADD}?kind={kind}"
    page = marketing.post(url, {**opened(marketing, url), "name": SCRIPT * 9, **fields}).text
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//host/path", "ftp://x/y"]
)
def test_only_web_addresses_become_links(marketing: Client, scheme: str) -> None:
    fields = rows("elements", {"title": "Card", "default_action": scheme, "image_url": scheme})
    html = preview(marketing, "carousel", **fields)
    assert (f'href="{scheme}' in html, f'src="{scheme}' in html) == (False, False)


@pytest.mark.parametrize(
    ("role", "status"),
    [(MARKETING, 200), (SUPPORT, 200), (ADMINISTRATORS, 200), (STRANGER, 403), (NOBODY, 302)],
)
def test_who_may_read_notifications_may_preview(role: str, status: int) -> None:
    assert client_as(role).post(f"{PREVIEW}?kind=text", {"text": "Hello"}).status_code == status


@pytest.mark.parametrize(
    ("method", "kind", "status"), [("get", "text", 405), ("post", "video", 400), ("post", "", 400)]
)
def test_anything_else_is_refused(marketing: Client, method: str, kind: str, status: int) -> None:
    assert getattr(marketing, method)(f"{PREVIEW}?kind={kind}").status_code == status
