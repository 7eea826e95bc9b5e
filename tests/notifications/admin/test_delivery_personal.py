"""The page of a delivery shows the words that were sent, and what was put in for the customer."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import SUPPORT
from notifications.models import Delivery
from notifications.payloads import parse
from notifications.reasons import Reason
from notifications.services.contents import freeze
from notifications.states import DeliveryState
from tests.factories import DeliveryFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

HELLO = {"text": "Hello {{ first_name }}, {{ greeting|welcome }}!"}


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def page_of(client: Client, **options: object) -> str:
    delivery: Delivery = DeliveryFactory(content=freeze(parse(HELLO)), **options)
    return client.get(reverse("admin:notifications_delivery_change", args=[delivery.pk])).text


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_what_was_sent_is_shown_in_the_words_that_were_sent(support: Client) -> None:
    now = timezone.now()
    html = page_of(
        support, state=DeliveryState.SENT, sent_at=now, ended_at=now, personal={"first_name": "Zoé", "greeting": None}
    )
    assert "Hello Zoé, welcome!" in html
    assert "Put in for this customer first_name Zoé greeting welcome (the default)" in words(html)
    assert "{&quot;text&quot;:&quot;Hello Zoé, welcome!&quot;}" in html


def test_a_value_that_looks_like_a_placeholder_is_shown_as_it_was_sent(support: Client) -> None:
    html = page_of(support, state=DeliveryState.SENT, personal={"first_name": "{{ greeting }}", "greeting": None})
    assert "Hello {{ greeting }}, welcome!" in html


def test_what_waits_shows_its_placeholders_and_the_values_that_came_with_it(support: Client) -> None:
    html = page_of(support, personal={"greeting": "good evening"})
    assert '<mark title="{{ first_name }}">first_name</mark>' in html
    assert '<mark title="{{ greeting|welcome }}">good evening</mark>' in html


@pytest.mark.parametrize(
    ("reason", "detail", "said"),
    [
        (Reason.NO_VALUE, '["first_name"]', "{{ first_name }}"),
        (
            Reason.UNFIT_VALUE,
            '{"names": ["first_name"], "problems": [{"path": "text", "code": "too_long", '
            '"params": {"limit": 2000, "length": 2001}}]}',
            "{{ first_name }}: text: Shorten this to 2000 characters: it has 2001.",
        ),
    ],
)
def test_why_a_customer_could_not_be_filled_is_said_in_words(
    support: Client, reason: Reason, detail: str, said: str
) -> None:
    html = page_of(support, state=DeliveryState.FAILED, reason=reason, detail=detail, ended_at=timezone.now())
    assert said in words(html)
    assert "it could not be filled in" in words(html)
    assert "It never left" in words(html)
    assert "refused for good" not in html
    assert "Not filled in" in html
