"""A receipt is a watermark: what was sent to the person until then follows it, forwards only."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from notifications.models import Delivery, Tally
from notifications.services import ledger
from notifications.states import DeliveryState, Origin
from optins.models import OptIn
from pages.models import Page
from tests.factories import CallbackFactory, ContentFactory, DeliveryFactory
from tests.notifications.services.receipts.sent import (
    NOON,
    PSID,
    delivered,
    delivery_to,
    echo,
    linked_page,
    seconds,
    tell,
    thread_of,
    was_read,
)
from tests.support.ledger import launched, states

pytestmark = pytest.mark.django_db
D = DeliveryState


@pytest.fixture
def page() -> Page:
    return linked_page()


def state_of(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_everything_sent_until_the_watermark_arrived_and_nothing_after_it(page: Page) -> None:
    thread_of(page)
    before, at_it, after = (delivery_to(page, began=seconds(n)) for n in (0, 10, 11))
    tell(page, delivered(page, seconds(10)))
    assert [state_of(row) for row in (before, at_it, after)] == [D.DELIVERED, D.DELIVERED, D.SENT]
    assert before.receipt.delivered_at == seconds(10)


def test_what_was_read_was_delivered_whatever_was_told_of_that(page: Page) -> None:
    thread_of(page)
    row = delivery_to(page)
    tell(page, was_read(page, seconds(5)))
    assert state_of(row) == D.READ
    assert (row.receipt.read_at, row.receipt.delivered_at) == (seconds(5), None)


def test_receipts_in_any_order_and_twice_come_to_the_same(page: Page) -> None:
    thread_of(page)
    events = [delivered(page, seconds(5)), was_read(page, seconds(6)), delivered(page, seconds(4))]
    for order in permutations(events):
        row = delivery_to(page)
        for event in [*order, *order]:
            tell(page, event)
        assert state_of(row) == D.READ


def test_nobody_elses_messages_follow(page: Page) -> None:
    thread_of(page)
    others = [delivery_to(page, "7000000000000001"), delivery_to(linked_page())]
    tell(page, was_read(page, seconds(60)))
    assert [state_of(row) for row in others] == [D.SENT, D.SENT]


def test_a_person_with_several_agreements_is_one_person(page: Page) -> None:
    rows = [delivery_to(page), delivery_to(page)]
    assert OptIn.objects.filter(recipient__psid=PSID).count() == 2
    tell(page, was_read(page, seconds(60)))
    assert [state_of(row) for row in rows] == [D.READ, D.READ]


def test_a_reply_follows_by_its_conversation(page: Page) -> None:
    thread = thread_of(page)
    times = {"sent_at": NOON, "dispatch_started_at": NOON}
    reply = DeliveryFactory(optin=None, page=page, thread=thread, origin=Origin.REPLY, state=D.SENT, **times)
    tell(page, was_read(page, seconds(1)))
    assert state_of(reply) == D.READ


def test_a_page_without_the_thread_still_hears_its_receipts(page: Page) -> None:
    row = delivery_to(page)
    tell(page, delivered(page, seconds(1)))
    assert state_of(row) == D.DELIVERED


@pytest.mark.parametrize("state", [D.QUEUED, D.FAILED, D.SKIPPED, D.CANCELLED, D.DISPATCHING, D.UNKNOWN])
def test_a_watermark_alone_says_nothing_of_what_is_not_known_to_have_left(page: Page, state: DeliveryState) -> None:
    thread_of(page)
    row = delivery_to(page, state=state)
    tell(page, delivered(page, seconds(60)))
    tell(page, was_read(page, seconds(60)))
    assert state_of(row) == state


def test_an_id_decides_where_facebook_names_it(page: Page) -> None:
    """Whatever the clocks say."""
    thread_of(page)
    named, other = (delivery_to(page, began=seconds(60), provider_message_id=mid) for mid in ("m_1", "m_2"))
    tell(page, delivered(page, seconds(0), "m_1", "m_9"))
    assert [state_of(row) for row in (named, other)] == [D.DELIVERED, D.SENT]


def test_a_doubt_whose_id_facebook_names_is_none(page: Page) -> None:
    thread_of(page)
    row = delivery_to(page, state=D.UNKNOWN, provider_message_id="m_1", reason="silence")
    tell(page, delivered(page, seconds(1), "m_1"))
    assert (state_of(row), row.reason, row.sent_at) == (D.DELIVERED, "settled_by_facebook", NOON)


def test_the_id_of_an_earlier_part_settles_nothing(page: Page) -> None:
    thread_of(page)
    content = ContentFactory(body='{"text":"Hi","attachment":{"type":"image","payload":{"url":"https://a.example/b"}}}')
    row = delivery_to(page, state=D.UNKNOWN, provider_message_id="m_1", reason="silence", content=content, parts_sent=1)
    tell(page, delivered(page, seconds(1), "m_1"))
    assert state_of(row) == D.UNKNOWN


def test_by_facebooks_clock_once_the_echo_came_ours_counts_no_more(page: Page) -> None:
    """Ours is two seconds ahead: the try seems to begin after the person read what it sent."""
    thread_of(page)
    row = delivery_to(page, began=seconds(2))
    tell(page, was_read(page, seconds(1)))
    assert state_of(row) == D.SENT
    tell(page, echo(row, seconds(0.2)))
    assert state_of(row) == D.READ


def test_by_facebooks_clock_a_message_sent_after_the_watermark_is_not_read(page: Page) -> None:
    """Ours is two seconds behind: the try seems to begin before it."""
    thread_of(page)
    row = delivery_to(page, began=seconds(-1))
    tell(page, echo(row, seconds(1)))
    tell(page, was_read(page, seconds(0)))
    assert state_of(row) == D.SENT
    tell(page, was_read(page, seconds(1)))
    assert state_of(row) == D.READ


def test_rows_of_several_campaigns_are_counted_where_they_belong(page: Page) -> None:
    thread_of(page)
    campaign = launched(2, page)
    row = delivery_to(page)
    mine = Delivery.objects.filter(campaign=campaign).order_by("pk")[0]
    OptIn.objects.filter(deliveries=mine).update(recipient=page.recipients.get(psid=PSID))
    ids = list(Delivery.objects.filter(campaign=campaign).values_list("pk", flat=True))
    ledger.move_ids(ids, D.DISPATCHING, frm=D.QUEUED, fence=1, dispatch_started_at=NOON)
    ledger.move_ids(ids, D.SENT, frm=D.DISPATCHING, sent_at=NOON)
    tell(page, delivered(page, seconds(1)))
    assert states(campaign) == {"delivered": 1, "sent": 1}
    tell(page, was_read(page, seconds(1)))
    assert states(campaign) == {"read": 1, "sent": 1}
    assert state_of(row) == D.READ
    assert Tally.objects.get(campaign=campaign).read == 1


def test_the_sites_system_is_told(page: Page) -> None:
    callback = CallbackFactory(site=page.site)
    row = delivery_to(page)
    tell(page, delivered(page, seconds(1)))
    tell(page, was_read(page, seconds(2)))
    told = list(callback.events.order_by("pk").values_list("type", "data__delivery"))
    assert told == [("delivery.delivered", row.pk), ("delivery.read", row.pk)]


def test_a_person_with_many_messages_costs_as_few_queries(page: Page, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        delivery_to(page, began=NOON + timedelta(seconds=n))
    with django_assert_max_num_queries(20):
        tell(page, was_read(page, seconds(100)))
    assert Delivery.objects.filter(state=D.READ).count() == 30
