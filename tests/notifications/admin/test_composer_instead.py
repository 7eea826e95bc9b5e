"""Choosing, beside a message, the template that goes out once the window is closed."""

from typing import Any

import pytest
from django.test import Client

from messenger_admin.roles import MARKETING
from notifications.models import Content, Delivery, Notification, TemplateStatus, UtilityTemplate
from notifications.payloads import parse
from notifications.payloads.utility import parse_choice
from notifications.services.contents import freeze
from pages.models import Page
from pages.states import GatewayKind
from tests.factories import LinkedPageFactory, NotificationFactory, OptInFactory, UtilityTemplateFactory
from tests.notifications.admin.composing import ADD, change_url, composed, opened, saved
from tests.people import client_as

pytestmark = pytest.mark.django_db
URL = f"{ADD}?kind=text"
CHOSEN = {"name": "order_left", "language": "en", "parameters": {"order": "{{ order_id|your order }}"}}
FIELDS = {"utility-template": "order_left|en", "utility-order_left|en|order": "{{ order_id|your order }}"}


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def page() -> Page:
    made: Page = LinkedPageFactory(name="Apparel", gateway=GatewayKind.META)
    UtilityTemplateFactory(page=made, name="order_left")
    return made


def test_without_any_template_nothing_is_asked(marketing: Client) -> None:
    assert "When the window is closed" not in marketing.get(URL).content.decode()


def test_a_template_is_chosen_with_its_parameters(marketing: Client, page: Page) -> None:
    notification = composed(marketing, "text", text="Hello", **FIELDS)
    assert notification.utility == CHOSEN
    assert notification.body == {"text": "Hello"}


def test_it_says_what_for_and_where_it_is_approved(marketing: Client, page: Page) -> None:
    content = marketing.get(URL).content.decode()
    assert "never for advertising" in content
    assert "Approved on: Apparel." in content
    assert "Facebook was shown: 871" in content


def test_none_is_a_choice_too(marketing: Client, page: Page) -> None:
    notification = NotificationFactory(utility=CHOSEN)
    url = change_url(notification)
    assert saved(marketing, url, {**opened(marketing, url), "utility-template": ""}).utility is None


def test_opening_and_saving_keeps_it(marketing: Client, page: Page) -> None:
    notification = NotificationFactory(utility=CHOSEN)
    url = change_url(notification)
    assert saved(marketing, url, opened(marketing, url)).utility == CHOSEN


def test_a_duplicate_takes_it_along(marketing: Client, page: Page) -> None:
    original = NotificationFactory(utility=CHOSEN)
    url = f"{URL}&from={original.pk}"
    copy = saved(marketing, url, {**opened(marketing, url), "name": "A copy"})
    assert (copy.pk != original.pk, copy.utility) == (True, CHOSEN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Fill this in: the message needs it."),
        ("  ", "Fill this in: the message needs it."),
        ("{{ Order }}", "Write a placeholder as"),
        ("a" * 1001, "Shorten this to 1000 characters"),
    ],
)
def test_a_parameter_that_is_missing_or_wrong_is_said_at_its_field(
    marketing: Client, page: Page, text: str, said: str
) -> None:
    fields = {**opened(marketing, URL), "name": "A", "text": "Hello", **FIELDS, "utility-order_left|en|order": text}
    content = marketing.post(URL, fields).content.decode()
    assert said in content
    assert 'href="#id_utility-order_left|en|order"' in content
    assert not Notification.objects.exists()


def test_a_template_that_nobody_has_is_no_choice(marketing: Client, page: Page) -> None:
    fields = {**opened(marketing, URL), "name": "A", "text": "Hello", "utility-template": "other|en"}
    assert "No page has this template any more" in marketing.post(URL, fields).content.decode()


def test_a_chosen_template_that_is_not_approved_any_more_says_so(marketing: Client, page: Page) -> None:
    notification = NotificationFactory(utility=CHOSEN)
    UtilityTemplate.objects.update(status=TemplateStatus.PAUSED)
    url = change_url(notification)
    assert "No page has it approved now" in marketing.get(url).content.decode()
    assert saved(marketing, url, opened(marketing, url)).utility == CHOSEN


def test_where_nothing_can_be_chosen_what_was_chosen_stays(marketing: Client, page: Page) -> None:
    notification = NotificationFactory(utility=CHOSEN)
    UtilityTemplate.objects.all().delete()
    url = change_url(notification)
    fields = {name: value for name, value in opened(marketing, url).items() if not name.startswith("utility")}
    assert saved(marketing, url, fields).utility == CHOSEN


def preview(client: Client, **fields: Any) -> str:
    data = {**opened(client, URL), "text": "Hello", **fields}
    return client.post("/admin/notifications/notification/preview/?kind=text", data).content.decode()


def test_the_preview_shows_both(marketing: Client, page: Page) -> None:
    content = preview(marketing, **FIELDS)
    assert "Hello" in content
    assert "Good news: your order <mark" in content
    assert ">your order</mark> has left our warehouse." in content
    assert "Ready to be sent." in content


def test_the_preview_names_what_is_missing(marketing: Client, page: Page) -> None:
    content = preview(marketing, **{"utility-template": "order_left|en"})
    assert "1 thing to do before it can be sent" in content
    assert "When the window is closed: order" in content


def test_a_test_brings_it_along(marketing: Client, page: Page) -> None:
    OptInFactory(page=page, customer_id="me")
    to = {"test-page": str(page.pk), "test-customer_id": "me"}
    fields = {**opened(marketing, URL), "text": "Hello", **FIELDS, **to}
    answer = marketing.post("/admin/notifications/notification/test/?kind=text", fields)
    assert answer.status_code == 200
    assert Delivery.objects.get().content.utility == (
        '{"name":"order_left","language":"en","parameters":{"order":"{{ order_id|your order }}"}}'
    )


def test_a_test_with_a_missing_parameter_is_not_sent(marketing: Client, page: Page) -> None:
    OptInFactory(page=page, customer_id="me")
    fields = {**opened(marketing, URL), "text": "Hello", "utility-template": "order_left|en"}
    fields |= {"test-page": str(page.pk), "test-customer_id": "me"}
    answer = marketing.post("/admin/notifications/notification/test/?kind=text", fields)
    assert "Nothing was sent: the message is not ready." in answer.content.decode()
    assert not Content.objects.exists()


def test_the_same_words_with_another_template_are_another_content(page: Page) -> None:
    plain, with_it = freeze(parse({"text": "Hello"})), freeze(parse({"text": "Hello"}), parse_choice(CHOSEN))
    assert plain != with_it
    assert freeze(parse({"text": "Hello"}), parse_choice(CHOSEN)) == with_it
    assert plain.utility == ""
