"""Editing what exists: nothing is lost that the form doesn't show, and nobody overwrites unawares."""

from copy import deepcopy
from threading import Thread
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.utils import timezone

from messenger_admin.roles import MARKETING
from notifications import payloads
from notifications.admin.composer.form import ComposerForm
from notifications.admin.composer.replacing import Overtaken, replace
from notifications.models import Notification
from tests.factories import CampaignFactory, NotificationFactory
from tests.notifications.admin.composing import ADD, change_url, opened, saved
from tests.people import client_as
from tests.support import guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


def with_more(name: str, **keys: Any) -> dict[str, Any]:
    """The guide's body with keys in its payload."""
    body = guide.body(name)
    body["attachment"]["payload"] |= keys
    return body


def rich_carousel() -> dict[str, Any]:
    """What the form shows nothing of, at every depth."""
    body = with_more("carousel", sharable=True, image_aspect_ratio="square")
    first, second = body["attachment"]["payload"]["elements"]
    first["buttons"][1] |= {"webview_height_ratio": "compact", "messenger_extensions": True}
    second["default_action"] = {"type": "web_url", "url": "https://shop.example/", "webview_height_ratio": "tall"}
    second["subtitle"] = ""
    return body


def receipt_without(*keys: str) -> dict[str, Any]:
    body = guide.body("receipt")
    for key in keys:
        here, _dot, last = key.rpartition(".")
        del (body["attachment"]["payload"][here] if here else body["attachment"]["payload"])[last]
    return body


BODIES = [
    guide.body("text"),
    guide.body("image"),
    guide.body("carousel"),
    guide.body("receipt"),
    {"text": "\n  A line break first, and blanks  \n"},
    {"text": "“Guillemets” <b>&amp;</b> 'quotes' \"double\" 😀"},
    with_more("image", is_reusable=False),
    rich_carousel(),
    with_more("receipt", sharable=False, merchant_name=""),
    with_more("receipt", timestamp="1414283400"),  # in the hour that came twice in Paris
    receipt_without("address.street_2"),
    receipt_without("address", "adjustments", "elements", "timestamp", "summary.subtotal"),
    with_more("receipt", elements=[], adjustments=[]),
]


@pytest.mark.parametrize("body", BODIES)
def test_opening_and_saving_changes_nothing(marketing: Client, body: dict[str, Any]) -> None:
    kind = payloads.parse(body).kind
    notification = NotificationFactory(kind=kind, body=deepcopy(body))
    url = change_url(notification)
    assert saved(marketing, url, opened(marketing, url)).body == body


def test_changing_a_title_keeps_what_the_form_does_not_show(marketing: Client) -> None:
    body = rich_carousel()
    notification = NotificationFactory(kind="carousel", body=deepcopy(body))
    url = change_url(notification)
    body["attachment"]["payload"]["elements"][0]["buttons"][1]["title"] = "Buy now"
    sent = {**opened(marketing, url), "elements-0-button1-title": "Buy now"}
    assert saved(marketing, url, sent).body == body


def test_another_kind_of_button_drops_what_belonged_to_the_old_one(marketing: Client) -> None:
    notification = NotificationFactory(kind="carousel", body=rich_carousel())
    url = change_url(notification)
    name = "elements-0-button1"
    sent = {**opened(marketing, url), f"{name}-type": "postback", f"{name}-target": "BUY"}
    elements = saved(marketing, url, sent).body["attachment"]["payload"]["elements"]
    assert elements[0]["buttons"][1] == {"type": "postback", "title": "Buy Item", "payload": "BUY"}


def test_emptying_a_field_takes_its_key_away(marketing: Client) -> None:
    notification = NotificationFactory(kind="receipt", body=guide.body("receipt"))
    url = change_url(notification)
    address = dict.fromkeys(("street_1", "street_2", "city", "postal_code", "state", "country"), "")
    body = saved(marketing, url, {**opened(marketing, url), **address, "timestamp": ""}).body
    assert body == receipt_without("address", "timestamp")


def test_cards_are_sent_in_the_order_of_their_numbers_without_the_removed(marketing: Client) -> None:
    titles = ["One", "Two", "Three"]
    elements = [{"title": title, "subtitle": "Card"} for title in titles]
    body = with_more("carousel", elements=elements)
    notification = NotificationFactory(kind="carousel", body=body)
    url = change_url(notification)
    order = {"elements-0-ORDER": 3, "elements-1-ORDER": 2, "elements-2-ORDER": 1, "elements-1-DELETE": "on"}
    after = saved(marketing, url, {**opened(marketing, url), **order}).body["attachment"]["payload"]["elements"]
    assert [element["title"] for element in after] == ["Three", "One"]


def test_without_scripts_a_button_gives_one_more_row_and_saves_nothing(marketing: Client) -> None:
    notification = NotificationFactory(kind="carousel", body=guide.body("carousel"))
    url = change_url(notification)
    sent = {**opened(marketing, url), "name": "", "elements-0-title": "Changed", "add-elements": "1"}
    page = marketing.post(url, sent)
    assert (page.context["composer"].rows[0].total_form_count(), "data-errors" in page.text) == (3, False)
    assert 'value="Changed"' in page.text
    notification.refresh_from_db()
    assert notification.body == guide.body("carousel")


def test_who_saves_second_is_told_and_may_then_replace(marketing: Client) -> None:
    notification = NotificationFactory()
    url = change_url(notification)
    first, second = opened(marketing, url), opened(marketing, url)
    saved(marketing, url, {**first, "text": "The first"})
    answer = marketing.post(url, {**second, "text": "The second"})
    assert "Somebody saved another version" in answer.text
    notification.refresh_from_db()
    assert notification.body == {"text": "The first"}
    again = {**second, "version": answer.context["adminform"].form["version"].value(), "text": "The second"}
    assert saved(marketing, url, again).body == {"text": "The second"}


def test_nothing_is_written_over_a_version_that_nobody_read() -> None:
    mine = NotificationFactory()
    theirs = Notification.objects.get(pk=mine.pk)
    theirs.body = {"text": "Theirs"}
    replace(theirs, now=timezone.now())
    with pytest.raises(Overtaken):
        replace(mine, now=timezone.now())
    assert Notification.objects.get().body == {"text": "Theirs"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_saves_at_the_same_instant_is_told(marketing: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    notification = NotificationFactory()
    url = change_url(notification)
    mine = opened(marketing, url)
    judge = ComposerForm.clean

    def somebody_saves() -> None:
        theirs = Notification.objects.get(pk=notification.pk)
        theirs.body = {"text": "Theirs"}
        replace(theirs, now=timezone.now())
        connection.close()

    def judge_while_somebody_saves(form: ComposerForm) -> dict[str, Any]:
        monkeypatch.setattr(ComposerForm, "clean", judge)
        judged = judge(form)
        elsewhere = Thread(target=somebody_saves)
        elsewhere.start()
        elsewhere.join()
        return judged

    monkeypatch.setattr(ComposerForm, "clean", judge_while_somebody_saves)
    assert "Somebody saved another version" in marketing.post(url, {**mine, "text": "Mine"}).text
    assert Notification.objects.get().body == {"text": "Theirs"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "No fields changed."),
        ({"name": "Other"}, "Changed name."),
        ({"text": "Other"}, "Changed message."),
        ({"name": "Other", "text": "Other"}, "Changed name and message."),
    ],
)
def test_the_history_says_what_was_changed(marketing: Client, fields: dict[str, str], message: str) -> None:
    url = change_url(NotificationFactory())
    saved(marketing, url, {**opened(marketing, url), **fields})
    assert LogEntry.objects.latest("id").get_change_message() == message


def test_a_duplicate_is_composed_from_the_original_and_exists_once_saved(marketing: Client) -> None:
    original = NotificationFactory(name="Spring", kind="carousel", body=rich_carousel())
    page = marketing.get(f"/admin/notifications/notification/{original.pk}/duplicate/")
    assert (page.headers["Location"], Notification.objects.count()) == (f"{ADD}?kind=carousel&from={original.pk}", 1)
    copy = saved(marketing, page.headers["Location"], opened(marketing, page.headers["Location"]))
    assert (copy.name, copy.body, copy.pk == original.pk) == ("Copy of Spring", original.body, False)


def test_the_second_duplicate_gets_a_number(marketing: Client) -> None:
    original = NotificationFactory(name="Spring")
    NotificationFactory(name="Copy of Spring")
    assert opened(marketing, f"{ADD}?kind=text&from={original.pk}")["name"] == "Copy 2 of Spring"


def test_what_a_campaign_uses_is_not_deleted_and_says_why(marketing: Client) -> None:
    notification = CampaignFactory().notification
    url = f"/admin/notifications/notification/{notification.pk}/delete/"
    answer = marketing.post(url, {"post": "yes"}, follow=True)
    assert "can&#x27;t be deleted: it has campaigns" in answer.text.replace("’", "&#x27;")
    assert Notification.objects.filter(pk=notification.pk).exists()


def test_what_nobody_uses_is_deleted_after_a_question(marketing: Client) -> None:
    notification = NotificationFactory()
    url = f"/admin/notifications/notification/{notification.pk}/delete/"
    assert notification.name in marketing.get(url).text
    marketing.post(url, {"post": "yes"})
    assert not Notification.objects.filter(pk=notification.pk).exists()


def test_a_body_that_is_no_longer_valid_opens_and_says_what_is_wrong(marketing: Client) -> None:
    body = {"text": "Hello", "quick_replies": [{"content_type": "text"}]}
    page = marketing.get(change_url(NotificationFactory(body=body)))
    assert "quick_replies: " in page.text


def test_a_receipt_of_a_hundred_lines_is_composed_in_one_form(marketing: Client) -> None:
    lines = [{"title": f"Line {number}", "price": 1} for number in range(100)]
    notification = NotificationFactory(kind="receipt", body=with_more("receipt", elements=lines))
    url = change_url(notification)
    assert saved(marketing, url, opened(marketing, url)).body["attachment"]["payload"]["elements"] == lines
