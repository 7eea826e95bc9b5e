"""The list of notifications, and who may do what with it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Notification
from notifications.states import Kind
from tests.factories import CampaignFactory, NotificationFactory
from tests.notifications.admin.composing import ADD, change_url, opened
from tests.people import NOBODY, STRANGER, client_as
from tests.support import guide

pytestmark = pytest.mark.django_db

LIST = reverse("admin:notifications_notification_changelist")


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("text", "Your order has been placed."),
        ("image", "https://petersapparel.com/img/oculus.png"),
        ("carousel", "hello, world!"),
        ("receipt", "Order 12345678902"),
    ],
)
def test_each_kind_shows_its_icon_and_how_it_begins(marketing: Client, kind: str, line: str) -> None:
    NotificationFactory(kind=kind, body=guide.body(kind))
    page = marketing.get(LIST).text
    assert (line in page, str(Kind(kind).label) in page, "material-symbols-outlined" in page) == (True, True, True)


def test_it_tells_in_how_many_campaigns_each_is_used(marketing: Client) -> None:
    notification = NotificationFactory()
    CampaignFactory.create_batch(2, notification=notification)
    NotificationFactory()
    assert "2 campaigns" in marketing.get(LIST).text


def test_more_notifications_ask_no_more_questions(
    marketing: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    CampaignFactory.create_batch(3)
    with django_assert_max_num_queries(20) as asked:
        marketing.get(LIST)
    CampaignFactory.create_batch(27)
    with django_assert_num_queries(len(asked)):
        marketing.get(LIST)


def test_it_is_searched_by_name_and_filtered_by_kind(marketing: Client) -> None:
    NotificationFactory(name="Spring sale")
    NotificationFactory(name="Stock alert", kind="image", body=guide.body("image"))
    assert "Stock alert" not in marketing.get(LIST, {"q": "spring"}).text
    assert "Spring sale" not in marketing.get(LIST, {"kind__exact": "image"}).text


def test_an_empty_list_says_what_to_do(marketing: Client) -> None:
    assert "Compose the first one" in marketing.get(LIST).text


def test_an_empty_list_offers_nothing_to_those_who_may_not_compose() -> None:
    page = client_as(SUPPORT).get(LIST).text
    assert ("Marketing composes them" in page, "Compose the first one" in page) == (True, False)


def test_a_name_is_no_markup(marketing: Client) -> None:
    NotificationFactory(name="<script>alert(1)</script>", body={"text": "<script>alert(2)</script>"})
    assert "<script>alert" not in marketing.get(LIST).text


@pytest.mark.parametrize(
    ("role", "reading", "adding"),
    [
        (MARKETING, 200, 200),
        (SUPPORT, 200, 403),
        (ADMINISTRATORS, 200, 403),
        (STRANGER, 403, 403),
        (NOBODY, 302, 302),
    ],
)
def test_who_may_read_and_who_may_compose(role: str, reading: int, adding: int) -> None:
    client, notification = client_as(role), NotificationFactory()
    reads = {client.get(url).status_code for url in (LIST, change_url(notification))}
    adds = {client.get(url).status_code for url in (ADD, f"{ADD}?kind=text")}
    assert (reads, adds) == ({reading}, {adding})


@pytest.mark.parametrize("kind", guide.NAMES)
def test_support_reads_the_values_and_the_preview_and_changes_nothing(kind: str) -> None:
    notification = NotificationFactory(kind=kind, body=guide.body(kind))
    client, url = client_as(SUPPORT), change_url(notification)
    page = client.get(url).text
    assert ('class="composer-fields" disabled' in page, 'class="msgr"' in page) == (True, True)
    assert ('name="_save"' in page, "data-test-panel" in page) == (False, False)
    assert client.post(url, opened(client, url) | {"name": "Other"}).status_code == 403
    assert Notification.objects.get().name == notification.name


def test_marketing_sees_the_composer_of_an_existing_notification(marketing: Client) -> None:
    notification = NotificationFactory()
    CampaignFactory(notification=notification)
    page = marketing.get(change_url(notification)).text
    assert ("Used in 1 campaign." in page, "data-test-panel" in page, 'name="_save"' in page) == (True, True, True)


def test_a_notification_that_is_gone_leads_back(marketing: Client) -> None:
    assert marketing.get(reverse("admin:notifications_notification_change", args=[0])).status_code == 302
    assert marketing.get("/admin/notifications/notification/0/duplicate/").status_code == 404
