"""What a delivery's page tells of echoes, receipts and templates, and where each of it comes from."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from messenger_admin.roles import SUPPORT
from notifications.models import Delivery, Receipt, TemplateStatus, UtilityTemplate
from notifications.payloads import parse
from notifications.payloads.utility import Choice
from notifications.reasons import Reason
from notifications.services.contents import freeze
from notifications.states import DeliveryState, Origin, Route
from pages.states import GatewayKind
from tests.factories import AttemptFactory, DeliveryFactory, LinkedPageFactory, OptInFactory, ThreadFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db
D = DeliveryState
AT = datetime(2026, 11, 22, 13, 3, 11, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def through_facebook(**fields: Any) -> Delivery:
    page = LinkedPageFactory(name="Apparel", gateway=GatewayKind.META)
    known = {"state": D.SENT, "sent_at": AT, "attempts": 1, "created_at": AT}
    made: Delivery = DeliveryFactory(optin=OptInFactory(page=page, customer_id="FR-012345"), **{**known, **fields})
    return made


def shown(client: Client, of: Delivery) -> str:
    return client.get(reverse("admin:notifications_delivery_change", args=[of.pk])).content.decode()


def test_each_receipt_is_a_moment_with_its_source(support: Client) -> None:
    row = through_facebook(state=D.READ)
    times = {"seen_at": AT, "delivered_at": LATER, "read_at": LATER + timedelta(minutes=1)}
    Receipt.objects.create(delivery=row, parts_seen=1, whole=True, **times)
    page = shown(support, row)
    assert "It stands in the conversation" in page
    assert "the time is by Facebook’s clock" in page
    assert page.index("<strong>Delivered</strong>") < page.index("<strong>Read</strong>")
    assert "22 Nov 2026 at 14:09:11" in page
    assert "No receipt came yet" not in page


def test_of_several_parts_it_says_how_many_were_seen(support: Client) -> None:
    row = through_facebook(state=D.UNKNOWN, reason=Reason.SILENCE, ended_at=AT)
    Receipt.objects.create(delivery=row, parts_seen=1, seen_at=AT)
    assert "Its first part stands in the conversation" in shown(support, row)


def test_a_doubt_that_settled_itself_says_how(support: Client) -> None:
    row = through_facebook(reason=Reason.SETTLED_BY_FACEBOOK)
    page = shown(support, row)
    assert "no answer said so, but Facebook showed it." in page
    assert "The gateway accepted it." not in page


@pytest.mark.parametrize(
    ("gateway", "state", "said"),
    [
        (GatewayKind.META, D.SENT, "No receipt came yet"),
        (GatewayKind.META, D.DELIVERED, "Whether the person saw it cannot be known before Facebook says so."),
        (GatewayKind.IADVIZE, D.SENT, "Whether a message was delivered or read cannot be known"),
    ],
)
def test_what_cannot_be_known_is_said(support: Client, gateway: GatewayKind, state: DeliveryState, said: str) -> None:
    row = through_facebook(state=state)
    type(row.page).objects.filter(pk=row.page_id).update(gateway=gateway)
    assert said in shown(support, row)


def test_a_try_of_a_later_part_says_which(support: Client) -> None:
    row = through_facebook()
    AttemptFactory(delivery=row, part=0)
    AttemptFactory(delivery=row, part=1)
    AttemptFactory(delivery=row, part=1000)
    page = shown(support, row)
    for words in ("Try 1: Accepted", "Try 1, part 2: Accepted", "Try 1, of saying that it is automated: Accepted"):
        assert words in page


def test_an_agents_answer_is_to_the_person_of_the_conversation(support: Client) -> None:
    thread = ThreadFactory(name="Claire Martin", page=LinkedPageFactory(gateway=GatewayKind.META))
    values = {"optin": None, "page": thread.page, "thread": thread, "origin": Origin.REPLY}
    row = DeliveryFactory(**values, state=D.UNKNOWN, ended_at=AT, reason=Reason.SILENCE, route=Route.RESPONSE)
    page = shown(support, row)
    assert "customer Claire Martin on" in page
    assert "Queued as an answer by" in page
    assert "Answer within 24 hours" in page
    decide = support.get(reverse("admin:notifications_delivery_treat_as_sent", args=[row.pk])).content.decode()
    assert "Claire Martin" in decide


def templated(**fields: Any) -> Delivery:
    choice = Choice(name="order_left", language="en", parameters={"1": "{{ first_name|you }}"})
    content = freeze(parse({"text": "The words of the window"}), choice)
    return through_facebook(content=content, route=Route.UTILITY, **fields)


def test_a_template_that_went_out_instead_is_shown_filled(support: Client) -> None:
    row = templated(personal={"first_name": "Claire"})
    body = [{"type": "BODY", "text": "Hello {{1}}, your order has left."}]
    known = {"status": TemplateStatus.GONE, "created_at": AT, "synced_at": AT}
    UtilityTemplate.objects.create(page=row.page, name="order_left", language="en", components=body, **known)
    page = shown(support, row)
    assert "Hello Claire, your order has left." in page
    assert "The words of the window" not in page
    assert "the utility template order_left (en) went out in its place" in page
    assert escape(json.dumps({"1": "Claire"}, separators=(",", ":"))) in page


def test_a_template_that_nobody_knows_any_more_is_shown_by_what_was_put_in(support: Client) -> None:
    assert "Claire" in shown(support, templated(personal={"first_name": "Claire"}))


def test_the_words_of_the_window_are_shown_where_they_went_out(support: Client) -> None:
    row = templated()
    Delivery.objects.filter(pk=row.pk).update(route=Route.UPDATE)
    assert "The words of the window" in shown(support, row)
