"""What became of messages: by link, and by customer."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.states import AttemptOutcome, DeliveryState
from optins.models import OptIn
from pages.scopes import Scope
from tests.factories import (
    AttemptFactory,
    CampaignFactory,
    ContentFactory,
    DeliveryFactory,
    LinkedPageFactory,
    OptInFactory,
)
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    optin: OptIn = OptInFactory()
    return optin


@pytest.fixture
def caller(optin: OptIn) -> Caller:
    return Caller(secret_for(optin.page))


def data(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    return answer.json()["data"]


def test_the_link_of_a_message_leads_to_its_state(optin: OptIn, caller: Caller) -> None:
    sent = caller.post(messages_of(optin.page, optin.customer_id), guide.text("receipt"))

    found = data(caller.get(sent["Location"]))

    assert (found["id"], found["state"], found["reason"]) == (sent.json()["data"]["id"], "queued", None)
    assert (found["page_id"], found["customer_id"]) == (optin.page.page_id, optin.customer_id)
    assert (found["origin"], found["campaign_id"], found["attempts"]) == ("api", None, [])
    assert found["body"] == guide.body("receipt")


def test_the_tries_of_a_message_are_told(optin: OptIn, caller: Caller) -> None:
    row = DeliveryFactory(optin=optin, state=DeliveryState.FAILED, reason=Reason.NOT_FOUND, detail="no such customer")
    began = timezone.now()
    AttemptFactory(delivery=row, number=1, outcome=AttemptOutcome.RETRY, status_code=503, started_at=began)
    AttemptFactory(delivery=row, number=2, outcome=AttemptOutcome.FAILED, status_code=404, milliseconds=17)

    found = data(caller.get(f"/v1/messages/{row.pk}"))

    assert [(one["number"], one["outcome"], one["status_code"]) for one in found["attempts"]] == [
        (1, "retry", 503),
        (2, "failed", 404),
    ]
    assert found["attempts"][0]["started_at"] == began.isoformat()
    assert found["attempts"][1]["milliseconds"] == 17
    assert found["reason"]["code"] == "not_found"
    assert found["reason"]["message"]
    assert found["reason"]["detail"] == "no such customer"


@pytest.mark.parametrize(
    ("state", "receipts"),
    [
        (DeliveryState.SENT, {"known": False, "delivered": None, "read": None}),
        (DeliveryState.DELIVERED, {"known": True, "delivered": True, "read": False}),
        (DeliveryState.READ, {"known": True, "delivered": True, "read": True}),
    ],
)
def test_without_a_receipt_nothing_is_claimed(
    optin: OptIn, caller: Caller, state: str, receipts: dict[str, bool | None]
) -> None:
    row = DeliveryFactory(optin=optin, state=state)

    assert data(caller.get(f"/v1/messages/{row.pk}"))["receipts"] == receipts


def test_the_body_is_told_as_it_was_filled(optin: OptIn, caller: Caller) -> None:
    content = ContentFactory(body=json.dumps({"text": "Hello {{ name }}"}))
    waiting = DeliveryFactory(optin=optin, content=content)
    sent = DeliveryFactory(optin=optin, content=content, state=DeliveryState.SENT, personal={"name": "Ada"})

    assert data(caller.get(f"/v1/messages/{waiting.pk}"))["body"] is None
    assert data(caller.get(f"/v1/messages/{sent.pk}"))["body"] == {"text": "Hello Ada"}


@pytest.mark.parametrize("message_id", ["0", "1", "x", "-1", "1e3", "9" * 18, "9" * 40, "%D9%A1"])
def test_a_message_that_is_not(optin: OptIn, caller: Caller, message_id: str) -> None:
    Delivery.objects.all().delete()

    assert caller.get(f"/v1/messages/{message_id}").status_code == 404


def test_a_message_of_another_page_is_as_unknown_as_one_that_is_not(caller: Caller) -> None:
    row = DeliveryFactory()

    other, none = caller.get(f"/v1/messages/{row.pk}"), caller.get(f"/v1/messages/{row.pk + 1}")

    assert (other.status_code, none.status_code) == (404, 404)
    assert other.text.replace(str(row.pk), "n") == none.text.replace(str(row.pk + 1), "n")


@pytest.mark.parametrize("address", ["/v1/messages/1", "list"])
def test_to_send_is_not_to_read(optin: OptIn, address: str) -> None:
    address = messages_of(optin.page, optin.customer_id) if address == "list" else address
    caller = Caller(secret_for(optin.page, scopes=(Scope.MESSAGES_SEND.value,)))

    assert caller.get(address).status_code == 403


def test_a_customers_messages_are_listed_newest_first(optin: OptIn, caller: Caller) -> None:
    campaign = CampaignFactory(page=optin.page, running=True)
    rows = [DeliveryFactory(optin=optin), DeliveryFactory(optin=optin, campaign=campaign)]
    DeliveryFactory()

    found = data(caller.get(messages_of(optin.page, optin.customer_id)))

    assert [(one["id"], one["campaign_id"]) for one in found] == [(rows[1].pk, campaign.pk), (rows[0].pk, None)]


def test_the_parts_of_a_list_are_the_list(optin: OptIn, caller: Caller) -> None:
    rows = [DeliveryFactory(optin=optin).pk for _ in range(5)]
    address, found, after = f"{messages_of(optin.page, optin.customer_id)}?limit=2", [], ""

    while after is not None:
        answer = caller.get(address + (f"&after={after}" if after else ""))
        found += [one["id"] for one in data(answer)]
        after = answer.json()["page"]["next"]
        DeliveryFactory(optin=optin)

    assert found == rows[::-1]


def test_one_state_alone_is_listed(optin: OptIn, caller: Caller) -> None:
    DeliveryFactory(optin=optin)
    failed = DeliveryFactory(optin=optin, state=DeliveryState.FAILED, ended_at=timezone.now() - timedelta(days=1))

    found = data(caller.get(f"{messages_of(optin.page, optin.customer_id)}?state=failed"))

    assert [one["id"] for one in found] == [failed.pk]


@pytest.mark.parametrize("asked", ["limit=0", "limit=101", "limit=x", "state=lost", "after=%25", "after=zzzz"])
def test_a_part_that_cant_be_asked_for(optin: OptIn, caller: Caller, asked: str) -> None:
    answer = caller.get(f"{messages_of(optin.page, optin.customer_id)}?{asked}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == asked.partition("=")[0]


def test_a_list_of_nobody_and_one_of_another_site(optin: OptIn, caller: Caller) -> None:
    other = OptInFactory(page=LinkedPageFactory())

    assert caller.get(messages_of(optin.page, "nobody")).status_code == 404
    assert caller.get(messages_of(other.page, other.customer_id)).status_code == 403


def test_a_list_takes_as_many_statements_for_many_as_for_one(
    optin: OptIn, caller: Caller, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        DeliveryFactory(optin=optin)

    with django_assert_max_num_queries(6):
        assert len(data(caller.get(messages_of(optin.page, optin.customer_id)))) == 30
