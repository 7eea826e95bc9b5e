"""An echo proves that a message of ours left: a doubt about it settles itself, and nothing is said twice."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from notifications.gateway.meta import metadata
from notifications.gateway.meta.parts import DISCLOSURE
from notifications.models import Delivery, Receipt
from notifications.services.auditing import tries
from notifications.services.auditing.check import Question
from notifications.states import DeliveryState, Route
from pages.models import Page, Thread
from tests.factories import CallbackFactory, ContentFactory
from tests.notifications.services.receipts.sent import (
    NOON,
    delivered,
    delivery_to,
    echo,
    linked_page,
    seconds,
    tell,
    thread_of,
)
from tests.support.facebook import PAGE_INBOX

pytestmark = pytest.mark.django_db
D = DeliveryState
TWO_PARTS = {"text": "Hi", "attachment": {"type": "image", "payload": {"url": "https://shop.example/a.png"}}}


@pytest.fixture
def page() -> Page:
    return linked_page()


def doubtful(page: Page, body: dict[str, Any] | None = None, **values: Any) -> Delivery:
    thread_of(page)
    content = ContentFactory(body=json.dumps(body or {"text": "Hi"}))
    known = {"state": D.UNKNOWN, "reason": "silence", "ended_at": NOON, "content": content}
    return delivery_to(page, **{**known, **values})


def after(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_a_doubt_settles_itself(page: Page) -> None:
    row = doubtful(page, detail="Operation timed out")
    tell(page, echo(row, seconds(3), mid="m_7"))
    assert (after(row).state, row.reason, row.detail) == (D.SENT, "settled_by_facebook", "")
    assert (row.sent_at, row.ended_at, row.provider_message_id, row.parts_sent) == (seconds(3), seconds(3), "m_7", 1)


def test_receipts_that_came_before_the_echo_are_taken_up(page: Page) -> None:
    row = doubtful(page)
    tell(page, delivered(page, seconds(5)))
    tell(page, echo(row, seconds(3)))
    assert after(row).state == D.DELIVERED


def test_a_receipt_by_the_id_that_the_echo_brought(page: Page) -> None:
    row = doubtful(page)
    tell(page, echo(row, seconds(3), mid="m_7"))
    tell(page, delivered(page, seconds(0), "m_7"))
    assert after(row).state == D.DELIVERED


def test_of_two_parts_the_first_alone_leaves_the_rest_in_doubt(page: Page) -> None:
    row = doubtful(page, TWO_PARTS)
    tell(page, echo(row, seconds(1), part=0))
    assert (after(row).state, row.reason, row.parts_sent) == (D.UNKNOWN, "silence", 1)
    tell(page, echo(row, seconds(2), part=1, mid="m_last"))
    assert (after(row).state, row.provider_message_id, row.parts_sent) == (D.SENT, "m_last", 2)


def test_echoes_of_parts_in_the_wrong_order_and_twice_come_to_the_same(page: Page) -> None:
    row = doubtful(page, TWO_PARTS)
    for part, mid in ((1, "m_last"), (0, "m_first"), (1, "m_last"), (0, "m_first")):
        tell(page, echo(row, seconds(part), part=part, mid=mid))
    assert (after(row).state, row.provider_message_id, row.parts_sent) == (D.SENT, "m_last", 2)
    assert (row.receipt.mid, row.receipt.seen_at, row.receipt.whole) == ("m_last", seconds(1), True)


def test_a_utility_template_is_one_part_whatever_it_stands_in_for(page: Page) -> None:
    row = doubtful(page, TWO_PARTS, route=Route.UTILITY)
    tell(page, echo(row, seconds(1)))
    assert after(row).state == D.SENT


def test_what_is_being_sent_is_left_to_its_pump(page: Page) -> None:
    row = doubtful(page, state=D.DISPATCHING, reason="", ended_at=None)
    tell(page, echo(row, seconds(1), mid="m_7"))
    assert after(row).state == D.DISPATCHING
    assert (row.receipt.parts_seen, row.receipt.mid, row.receipt.whole) == (1, "m_7", True)


@pytest.mark.parametrize("state", [D.QUEUED, D.FAILED])
def test_what_was_to_be_tried_again_or_was_refused_arrived_all_the_same(page: Page, state: DeliveryState) -> None:
    row = doubtful(page, state=state, reason="throttled")
    tell(page, echo(row, seconds(1)))
    assert (after(row).state, row.reason) == (D.SENT, "settled_by_facebook")


def test_what_a_person_took_for_sent_is_known_to_be(page: Page) -> None:
    row = doubtful(page, state=D.SENT, reason="treated_as_sent", sent_at=seconds(60))
    tell(page, echo(row, seconds(1), mid="m_7"))
    assert (after(row).reason, row.sent_at, row.provider_message_id) == ("settled_by_facebook", seconds(1), "m_7")


def test_the_echo_of_a_message_that_was_answered_changes_nothing_of_it(page: Page) -> None:
    thread_of(page)
    row = delivery_to(page, provider_message_id="m_7")
    before = Delivery.objects.values().get(pk=row.pk)
    tell(page, echo(row, seconds(0.5), mid="m_7"))
    assert Delivery.objects.values().get(pk=row.pk) == before
    assert Receipt.objects.get(delivery=row).seen_at == seconds(0.5)


@pytest.mark.parametrize(
    "changes",
    [
        {"app_id": str(PAGE_INBOX)},
        {"app_id": "999"},
        {"metadata": ""},
        {"metadata": "ma1:rubbish"},
        {"metadata": metadata.write(UUID(int=8), 1, 0)},
        {"metadata": metadata.write(UUID(int=7), 999_999, 0)},
        {"psid": "7000000000000001"},
        {"part": 1},
        {"part": 1000},
    ],
    ids=[
        "staff",
        "another application",
        "nothing written",
        "something else written",
        "another installation",
        "no such delivery",
        "another person",
        "no such part",
        "what says that it is automated",
    ],
)
def test_an_echo_that_is_not_of_this_delivery_settles_nothing(page: Page, changes: dict[str, Any]) -> None:
    row = doubtful(page)
    tell(page, echo(row, seconds(1), **changes))
    assert after(row).state == D.UNKNOWN


def test_what_says_that_it_is_automated_was_read_though_its_answer_was_lost(page: Page) -> None:
    row = doubtful(page)
    tell(page, echo(row, seconds(1), part=DISCLOSURE))
    assert (after(row).state, row.parts_sent) == (D.UNKNOWN, 0)
    assert Thread.objects.get(page=page).disclosed_at == seconds(1)
    tell(page, echo(row, seconds(2), part=DISCLOSURE))
    assert Thread.objects.get(page=page).disclosed_at == seconds(1)


def test_what_others_say_to_the_person_discloses_nothing_for_us(page: Page) -> None:
    row = doubtful(page)
    tell(page, echo(row, seconds(1), metadata=metadata.write(UUID(int=8), row.pk, DISCLOSURE)))
    tell(page, echo(row, seconds(1), part=DISCLOSURE, app_id="999"))
    assert Thread.objects.get(page=page).disclosed_at is None


def test_an_echo_on_another_page_settles_nothing(page: Page) -> None:
    row, other = doubtful(page), linked_page()
    thread_of(other)
    tell(other, echo(row, seconds(1)))
    assert after(row).state == D.UNKNOWN


def test_the_sites_system_is_told_that_the_doubt_is_over(page: Page) -> None:
    callback = CallbackFactory(site=page.site)
    row = doubtful(page)
    tell(page, echo(row, seconds(1)))
    assert list(callback.events.values_list("type", "data__reason")) == [("delivery.sent", "settled_by_facebook")]


@pytest.mark.parametrize("ask", [tries.sent_without_proof, tries.counted_otherwise])
def test_the_ledgers_own_audit_takes_the_echo_for_proof(page: Page, ask: Callable[[datetime], Question]) -> None:
    row = doubtful(page, reason="sender_lost")
    tell(page, echo(row, seconds(1)))
    asked = ask(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, dict(asked.values))
        assert cursor.fetchall() == []
