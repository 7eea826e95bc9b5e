"""Each customer gets the message in their own words; who can't be filled fails alone, and nothing else is touched."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Attempt, Campaign, Delivery
from notifications.payloads import parse
from notifications.reasons import Reason
from notifications.services import deliveries, doubts, lease, marking, pumping, recording
from notifications.services.contents import freeze
from notifications.services.lease import Held
from notifications.services.marking import Batch
from notifications.states import DeliveryState, Origin
from optins.models import OptIn
from pages.models import Page
from tests.factories import (
    CampaignFactory,
    ContentFactory,
    DeliveryFactory,
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    UserFactory,
)
from tests.support.ledger import launched, states
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db

HELLO = {"text": "Hello {{ first_name }}, {{ greeting|welcome }}!"}


def hold(page: Page) -> Held:
    held = lease.acquire(page_pk=page.pk, holder="one")
    assert held is not None
    return held


def mark(held: Held, most: int = 10) -> Batch:
    return marking.mark(held=held, now=timezone.now(), most=most)


def waiting(body: dict[str, Any] | None = None, *, optin: OptIn | None = None, **attributes: object) -> Delivery:
    """A due message to one customer with these attributes."""
    optin = optin or OptInFactory(attributes=attributes)
    delivery: Delivery = DeliveryFactory(optin=optin, content=freeze(parse(body or HELLO)))
    return delivery


def marked_text(delivery: Delivery) -> str:
    (row,) = mark(hold(delivery.page)).rows
    text: str = json.loads(row.body)["text"]
    delivery.refresh_from_db()
    return text


def test_a_message_is_filled_when_it_is_marked_and_what_was_put_in_is_kept() -> None:
    delivery = waiting(first_name="Zoé", unused="x")
    assert marked_text(delivery) == "Hello Zoé, welcome!"
    assert (delivery.state, delivery.personal) == (DeliveryState.DISPATCHING, {"first_name": "Zoé", "greeting": None})


def test_the_attributes_are_read_as_they_are_when_its_turn_comes() -> None:
    delivery = waiting(first_name="Zoé")
    OptIn.objects.update(attributes={"first_name": "Zoë", "greeting": "good morning"})
    assert marked_text(delivery) == "Hello Zoë, good morning!"


@pytest.mark.parametrize("value", ['"quoted" \\ \n\t', "\u2028🧣", "{{ greeting }}", "%s {0} $1", "'; --", 4.5, 3])
def test_any_value_arrives_whole(value: object) -> None:
    delivery = waiting(first_name=value)
    assert marked_text(delivery) == f"Hello {value}, welcome!"
    assert delivery.personal == {"first_name": str(value), "greeting": None}


def test_explicit_values_go_before_the_attributes() -> None:
    optin = OptInFactory(attributes={"first_name": "Zoé", "greeting": "welcome"})
    delivery = deliveries.enqueue(
        optin=optin,
        content=freeze(parse(HELLO)),
        origin=Origin.API,
        actor=None,
        now=timezone.now(),
        values={"greeting": "good evening", "first_name": " ", "unused": None},
    )
    assert delivery.personal == {"greeting": "good evening"}
    assert marked_text(delivery) == "Hello Zoé, good evening!"


def test_a_second_try_says_the_same_words() -> None:
    delivery = waiting(first_name="Zoé")
    held = hold(delivery.page)
    mark(held)
    recording.put_back([delivery.pk], fence=held.fence)
    OptIn.objects.update(attributes={"first_name": "Claire", "greeting": "hi"})
    (row,) = mark(held).rows
    assert json.loads(row.body) == {"text": "Hello Zoé, welcome!"}


def test_what_a_person_sends_again_says_the_same_words() -> None:
    delivery = waiting(first_name="Zoé")
    held = hold(delivery.page)
    mark(held)
    Delivery.objects.filter(pk=delivery.pk).move(DeliveryState.UNKNOWN, frm=DeliveryState.DISPATCHING)
    OptIn.objects.update(attributes={})
    assert doubts.send_again(delivery=delivery, actor=UserFactory(), now=timezone.now())
    (row,) = mark(held).rows
    assert json.loads(row.body) == {"text": "Hello Zoé, welcome!"}


def test_who_has_no_value_fails_alone_without_a_try() -> None:
    page = LinkedPageFactory()
    good = waiting(optin=OptInFactory(page=page, attributes={"first_name": "Zoé"}))
    bad = [
        waiting(optin=OptInFactory(page=page, attributes=attributes))
        for attributes in ({}, {"first_name": ""}, {"first_name": None}, {"first_name": ["Zoé"]}, {"First_name": "Z"})
    ]
    batch = mark(hold(page))
    assert [row.delivery_id for row in batch.rows] == [good.pk]
    failed = Delivery.objects.filter(pk__in=[row.pk for row in bad])
    assert set(failed.values_list("state", "reason", "detail", "attempts", "personal", "fence")) == {
        (DeliveryState.FAILED, Reason.NO_VALUE, '["first_name"]', 0, None, None)
    }
    assert not failed.filter(ended_at=None).exists()


TITLE = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "generic",
            "elements": [
                {
                    "title": "Scarf",
                    "buttons": [
                        {
                            "type": "web_url",
                            "title": "For {{ who|you }}",
                            "url": "https://shop.example/?for={{ who|you }}",
                        }
                    ],
                }
            ],
        },
    }
}


@pytest.mark.parametrize(
    ("who", "place", "code"),
    [
        ("x" * 17, "title", "too_long"),
        ("Jean Luc", "url", "url_blanks"),
        ("x" * 100_000, "title", "too_long"),
    ],
)
def test_whose_value_breaks_a_limit_fails_alone_and_the_limit_is_named(who: str, place: str, code: str) -> None:
    page = LinkedPageFactory()
    bad = waiting(TITLE, optin=OptInFactory(page=page, attributes={"who": who}))
    good = waiting(TITLE, optin=OptInFactory(page=page, attributes={}))
    assert [row.delivery_id for row in mark(hold(page)).rows] == [good.pk]
    bad.refresh_from_db()
    detail = json.loads(bad.detail)
    assert (bad.state, bad.reason, bad.attempts, detail["names"]) == ("failed", Reason.UNFIT_VALUE, 0, ["who"])
    found = [(each["path"], each["code"]) for each in detail["problems"]]
    assert (f"attachment.payload.elements[0].buttons[0].{place}", code) in found


def test_each_row_of_a_batch_gets_its_own_words() -> None:
    page = LinkedPageFactory()
    names = [f"Name {number}" for number in range(30)]
    rows = [waiting(optin=OptInFactory(page=page, attributes={"first_name": name})) for name in names]
    batch = mark(hold(page), 50)
    assert [json.loads(row.body)["text"] for row in batch.rows] == [f"Hello {name}, welcome!" for name in names]
    kept = dict(Delivery.objects.values_list("pk", "personal"))
    assert [kept[row.pk] for row in rows] == [{"first_name": name, "greeting": None} for name in names]


def test_the_tally_counts_who_failed() -> None:
    page = LinkedPageFactory()
    OptInFactory.create_batch(3, page=page, attributes={"first_name": "Zoé"})
    campaign = launched(2, page, notification=NotificationFactory(body=HELLO))
    mark(hold(page))
    assert states(campaign) == {"dispatching": 3, "failed": 2}


def read(queries: CaptureQueriesContext) -> str:
    return " ".join(query["sql"] for query in queries)


def test_without_placeholders_no_attributes_are_read_and_nothing_more_is_asked() -> None:
    plain, personal = LinkedPageFactory(), LinkedPageFactory()
    DeliveryFactory(optin=OptInFactory(page=plain), content=ContentFactory(body='{"text":"Hello"}'))
    waiting(optin=OptInFactory(page=personal, attributes={"first_name": "Zoé"}))
    with CaptureQueriesContext(
        connection,
    ) as of_plain:
        mark(hold(plain))
    with CaptureQueriesContext(connection) as of_personal:
        mark(hold(personal))
    assert "attributes" not in read(of_plain)
    assert "attributes" in read(of_personal)
    assert len(of_personal) == len(of_plain) + 1


def test_the_far_end_gets_the_words_and_no_socket_is_opened_for_who_has_none(sandbox: FarEnd) -> None:
    page = LinkedPageFactory()
    for number in range(5):
        OptInFactory(page=page, customer_id=f"FR-{number}", attributes={"first_name": f"Zoé {number}"})
    campaign = launched(3, page, notification=NotificationFactory(body=HELLO))
    pumping.pump_page(page.pk)
    got = {each.customer_id: json.loads(each.body)["text"] for each in sandbox.received()}
    assert got == {f"FR-{number}": f"Hello Zoé {number}, welcome!" for number in range(5)}
    assert states(campaign) == {"sent": 5, "failed": 3}
    assert Attempt.objects.count() == 5


def test_a_campaign_of_which_nobody_can_be_filled_any_more_comes_to_its_end(sandbox: FarEnd) -> None:
    page = LinkedPageFactory()
    OptInFactory(page=page, attributes={"first_name": "Zoé"})
    campaign = launched(0, page, notification=NotificationFactory(body=HELLO))
    OptIn.objects.update(attributes={})
    pumping.pump_page(page.pk)
    assert (Campaign.objects.get(pk=campaign.pk).state, states(campaign)) == ("finished", {"failed": 1})
    assert sandbox.received() == []


def test_a_message_that_is_too_old_or_revoked_is_skipped_before_it_is_filled() -> None:
    delivery = waiting()
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert mark(hold(delivery.page)).rows == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (DeliveryState.SKIPPED, Reason.TOO_OLD)


def test_a_test_to_a_customer_without_the_value_is_refused_in_words() -> None:
    optin = OptInFactory(attributes={"greeting": "hi"})
    with pytest.raises(deliveries.NoValue, match=r"first_name.*\{\{ first_name\|… \}\}"):
        deliveries.send_test(
            message=parse(HELLO), page=optin.page, customer_id=optin.customer_id, actor=None, now=timezone.now()
        )
    assert not Delivery.objects.exists()


def test_a_draft_is_frozen_with_its_placeholders() -> None:
    campaign = CampaignFactory(notification=NotificationFactory(body=HELLO))
    assert freeze(parse(campaign.notification.body)).as_dict() == HELLO
