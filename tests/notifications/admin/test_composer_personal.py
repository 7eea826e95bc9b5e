"""Composing a personal message: placeholders are inserted, measured as they show, and seen as a customer would."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import MARKETING
from notifications.models import Delivery
from notifications.states import Kind
from tests.factories import LinkedPageFactory, OptInFactory, PageFactory, UserFactory
from tests.notifications.admin.composing import ADD, button, composed, opened, rows
from tests.people import client_as
from tests.support.forms import read_errors

pytestmark = pytest.mark.django_db

PREVIEW = reverse("admin:notifications_notification_preview")
TEST = reverse("admin:notifications_notification_test")
HELLO = "Hello {{ first_name|you }}, {{ size }}!"


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


def preview(client: Client, **fields: Any) -> str:
    return client.post(f"{PREVIEW}?kind=text", {"text": HELLO, **fields}).text


def marks(html: str) -> list[str]:
    return re.findall(r"<mark[^>]*>([^<]*)</mark>", html)


def test_placeholders_are_kept_as_they_were_written(marketing: Client) -> None:
    assert composed(marketing, "text", text=HELLO).body == {"text": HELLO}


def test_a_button_may_be_as_long_as_it_shows(marketing: Client) -> None:
    title = "Pour {{ first_name|vous, cliente }}"
    card = {"title": "Scarf", **button(0, "web_url", title, "https://shop.example/?c={{ cart|0 }}")}
    notification = composed(marketing, "carousel", **rows("elements", card))
    (kept,) = notification.body["attachment"]["payload"]["elements"][0]["buttons"]
    assert (kept["title"], kept["url"]) == (title, "https://shop.example/?c={{ cart|0 }}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello {{ First Name }}", "Write a placeholder as {{ first_name }}"),
        ("Hello {{ first_name", "“{{ first_name” is none."),
        ("{% if x %}", "Write a placeholder"),
        ("{{ first_name| }}", "only blanks"),
    ],
)
def test_what_is_no_placeholder_is_said_at_its_field(marketing: Client, text: str, words: str) -> None:
    url = f"{ADD}?kind=text"
    html = marketing.post(url, {**opened(marketing, url), "name": "A message", "text": text}).text
    assert words in read_errors(html).get("id_text", "")


def test_the_preview_shows_defaults_and_names_where_there_are_none(marketing: Client) -> None:
    assert marks(preview(marketing)) == ["you", "size"]


def test_the_preview_shows_it_as_a_customer_would_see_it(marketing: Client) -> None:
    OptInFactory(customer_id="FR-1", attributes={"first_name": "Zoé", "size": "M"})
    assert marks(preview(marketing, **{"as-customer": "FR-1"})) == ["Zoé", "M"]


def test_the_preview_says_that_a_customer_would_not_get_it(marketing: Client) -> None:
    OptInFactory(customer_id="FR-1", attributes={"first_name": "Zoé"})
    html = preview(marketing, **{"as-customer": "FR-1"})
    assert marks(html) == ["Zoé", "size"]
    assert "Nothing is known for: size. This customer would not get it." in html


def test_the_preview_says_that_nobody_has_that_id(marketing: Client) -> None:
    assert "Nobody has opted in as “FR-1”." in preview(marketing, **{"as-customer": "FR-1"})


def test_who_may_not_look_at_customers_sees_nobodys_values() -> None:
    OptInFactory(customer_id="FR-1", attributes={"first_name": "Zoé"})
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="view_notification"))
    client = Client()
    client.force_login(user)
    assert marks(preview(client, **{"as-customer": "FR-1"})) == ["you", "size"]


def test_the_names_that_customers_of_linked_pages_are_known_by_are_offered(marketing: Client) -> None:
    OptInFactory(page=LinkedPageFactory(), attributes={"first_name": "Zoé", "tags": []})
    OptInFactory(page=PageFactory(), attributes={"elsewhere": "x"})
    html = marketing.get(ADD, {"kind": "text"}).text
    assert re.findall(r'data-insert-name="([^"]*)"', html) == ["first_name"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Kind.TEXT, {"id_text"}),
        (Kind.IMAGE, {"id_text", "id_url"}),
    ],
)
def test_the_fields_that_take_placeholders_have_a_button_for_it(
    marketing: Client, kind: Kind, fields: set[str]
) -> None:
    html = marketing.get(ADD, {"kind": kind}).text
    assert set(re.findall(r'data-insert="([^"]*)"', html)) == fields


def test_amounts_and_codes_have_none(marketing: Client) -> None:
    offered = re.findall(r'data-insert="([^"]*)"', marketing.get(ADD, {"kind": Kind.RECEIPT}).text)
    assert "id_recipient_name" in offered
    assert not {"id_currency", "id_total_cost", "id_timestamp", "id_elements-0-quantity"} & set(offered)


def test_a_test_to_a_customer_without_a_value_is_refused_at_the_customer(marketing: Client) -> None:
    optin = OptInFactory(customer_id="FR-1", attributes={"first_name": "Zoé"})
    sent = {"text": HELLO, "test-page": optin.page_id, "test-customer_id": "FR-1"}
    answer = marketing.post(f"{TEST}?kind=text", sent)
    assert answer.status_code == 422
    assert "no value for: size" in read_errors(answer.text)["id_test-customer_id"]
    assert not Delivery.objects.exists()


def test_a_test_is_personal(marketing: Client) -> None:
    optin = OptInFactory(customer_id="FR-1", attributes={"size": "M"})
    sent = {"text": HELLO, "test-page": optin.page_id, "test-customer_id": "FR-1"}
    assert marketing.post(f"{TEST}?kind=text", sent).status_code == 200
    assert Delivery.objects.get().content.as_dict() == {"text": HELLO}
