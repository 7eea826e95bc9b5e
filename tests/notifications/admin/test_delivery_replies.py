"""The ledger's screens where there is no opt-in, and where a message has parts."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from messenger_admin.roles import SUPPORT
from notifications.admin.deliveries.search import search
from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services.replies import reply
from notifications.states import DeliveryState, Origin, Route
from pages.models import Page, Thread
from tests.factories import (
    ConnectedPageFactory,
    ContentFactory,
    DeliveryFactory,
    OptInFactory,
    RecipientFactory,
    ThreadFactory,
    UserFactory,
)
from tests.people import client_as

pytestmark = pytest.mark.django_db
BOTH = '{"text":"Bonjour","attachment":{"type":"image","payload":{"url":"https://cdn.shop.example/a.png"}}}'


@pytest.fixture
def page() -> Page:
    return ConnectedPageFactory()


@pytest.fixture
def thread(page: Page) -> Thread:
    return ThreadFactory(page=page, name="Zoë Martin", psid="7000000000000001")


@pytest.fixture
def answered(thread: Thread) -> Delivery:
    return reply(thread=thread, body={"text": "Bonjour !"}, actor=UserFactory(), now=timezone.now())


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def test_a_reply_is_listed_under_the_name_of_who_wrote(support: Client, answered: Delivery) -> None:
    shown = support.get(reverse("admin:notifications_delivery_changelist")).text

    assert "Zoë Martin" in shown
    assert "Reply" in shown


def test_a_replys_page_tells_its_story(support: Client, answered: Delivery) -> None:
    shown = support.get(reverse("admin:notifications_delivery_change", args=[answered.pk])).text

    assert "customer Zoë Martin on" in shown
    assert "Answer within 24 hours" in shown
    assert "All deliveries of this customer" not in shown


def test_the_question_before_a_doubt_is_decided_names_who_wrote(support: Client, answered: Delivery) -> None:
    Delivery.objects.filter(pk=answered.pk).move(DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED, reason=Reason.SILENCE)

    asked = support.get(reverse("admin:notifications_delivery_send_again", args=[answered.pk]))

    assert asked.status_code == 200
    assert "Zoë Martin" in asked.text


def test_a_whole_customer_id_finds_what_agents_answered(page: Page, thread: Thread, answered: Delivery) -> None:
    OptInFactory(page=page, customer_id="FR-1", recipient=RecipientFactory(page=page, psid=thread.psid))
    others = OptInFactory(page=page, customer_id="FR-2", recipient=RecipientFactory(page=page))
    DeliveryFactory(optin=others)

    assert list(search(Delivery.objects.all(), "FR-1").rows) == [answered]
    assert list(search(Delivery.objects.all(), f"#{answered.pk}").rows) == [answered]


def test_another_agreement_of_the_same_person_is_not_mixed_in(page: Page, thread: Thread) -> None:
    recipient = RecipientFactory(page=page, psid=thread.psid)
    OptInFactory(page=page, customer_id="FR-1", recipient=recipient)
    other = OptInFactory(page=page, customer_id="FR-2", recipient=recipient)
    DeliveryFactory(optin=other, thread=thread)

    assert list(search(Delivery.objects.all(), "FR-1").rows) == []


def test_the_page_says_how_much_of_a_message_went_out(support: Client, page: Page, thread: Thread) -> None:
    row = DeliveryFactory(
        optin=OptInFactory(page=page),
        thread=thread,
        content=ContentFactory(kind="image", body=BOTH),
        state=DeliveryState.UNKNOWN,
        reason=Reason.SILENCE,
        parts_sent=1,
        route=Route.UPDATE,
        rule="update_24h",
        ended_at=timezone.now(),
    )

    shown = support.get(reverse("admin:notifications_delivery_change", args=[row.pk])).text

    assert "Of its 2 parts 1 went out for certain and is never repeated" in shown
    assert escape("Rule update_24h: Messenger Platform, “Send messages”") in shown


def test_a_whole_message_says_nothing_of_parts(support: Client, page: Page, thread: Thread) -> None:
    row = DeliveryFactory(
        optin=OptInFactory(page=page),
        content=ContentFactory(kind="image", body=BOTH),
        state=DeliveryState.SENT,
        sent_at=timezone.now(),
        parts_sent=2,
    )

    assert "parts" not in support.get(reverse("admin:notifications_delivery_change", args=[row.pk])).text


def test_replies_are_an_origin_to_choose(support: Client, answered: Delivery) -> None:
    DeliveryFactory(optin__customer_id="FR-012345")

    shown = support.get(reverse("admin:notifications_delivery_changelist"), {"origin": Origin.REPLY}).text

    assert "Zoë Martin" in shown
    assert "FR-012345" not in shown
