"""What Facebook tells before our own answer is written down is taken up with it, whoever comes first."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from notifications.models import Delivery
from notifications.services import ledger, recording
from notifications.services.recording import Result
from notifications.states import AttemptOutcome, DeliveryState
from optins.models import OptIn
from pages.events import Event
from pages.models import Page
from tests.factories import CallbackFactory
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
from tests.support.racing import race

D = DeliveryState
OUTCOMES = {D.SENT: AttemptOutcome.ACCEPTED, D.UNKNOWN: AttemptOutcome.UNKNOWN, D.QUEUED: AttemptOutcome.RETRY}


def sending(page: Page) -> Delivery:
    return delivery_to(page, state=D.DISPATCHING)


def answered(row: Delivery, state: DeliveryState = D.SENT, *, began: datetime = NOON) -> Result:
    return Result(
        delivery_id=row.pk,
        new_state=state,
        reason="" if state is D.SENT else "silence",
        detail="",
        message_id="m_1" if state is D.SENT else "",
        due_at=None,
        sent_at=(began + timedelta(seconds=1)).timestamp() if state is D.SENT else None,
        ended_at=(began + timedelta(seconds=1)).timestamp(),
        number=1,
        started_at=began.timestamp(),
        milliseconds=7,
        outcome=OUTCOMES[state],
        status_code=200,
        bytes_sent=100,
        answer="{}",
    )


def state_of(row: Delivery) -> str:
    row.refresh_from_db()
    return row.state


@pytest.mark.django_db
@pytest.mark.parametrize(("event", "state"), [(delivered, D.DELIVERED), (was_read, D.READ)])
def test_a_receipt_that_came_before_the_answer_is_not_lost(
    event: Callable[[Page, datetime], Event], state: DeliveryState
) -> None:
    page = linked_page()
    thread_of(page)
    row = sending(page)
    tell(page, event(page, seconds(1)))
    recording.record([answered(row)], fence=1)
    assert state_of(row) == state


@pytest.mark.django_db
def test_a_receipt_of_earlier_messages_is_not_taken_for_this_one() -> None:
    page = linked_page()
    thread_of(page, delivered_to=seconds(-1), read_to=seconds(-1))
    row = sending(page)
    recording.record([answered(row)], fence=1)
    assert state_of(row) == D.SENT


@pytest.mark.django_db
@pytest.mark.parametrize("state", [D.UNKNOWN, D.QUEUED])
def test_an_echo_that_came_before_the_answer_was_lost_settles_it(state: DeliveryState) -> None:
    page = linked_page()
    thread_of(page)
    row = sending(page)
    tell(page, echo(row, seconds(1), mid="m_7"))
    recording.record([answered(row, state)], fence=1)
    assert (state_of(row), row.reason, row.provider_message_id) == (D.SENT, "settled_by_facebook", "m_7")


@pytest.mark.django_db
def test_an_echo_that_came_before_the_sender_was_lost_settles_it() -> None:
    page = linked_page()
    thread_of(page, delivered_to=seconds(2))
    row, other = sending(page), sending(page)
    tell(page, echo(row, seconds(1)))
    recording.declare_unknown(page_pk=page.pk, before_fence=2, now=timezone.now())
    assert [state_of(row), state_of(other)] == [D.DELIVERED, D.UNKNOWN]


@pytest.mark.django_db
def test_each_step_is_told_once_and_in_its_order() -> None:
    page = linked_page()
    thread_of(page, delivered_to=seconds(2))
    callback = CallbackFactory(site=page.site)
    recording.record([answered(sending(page))], fence=1)
    assert list(callback.events.order_by("pk").values_list("type", flat=True)) == [
        "delivery.sent",
        "delivery.delivered",
    ]


@pytest.mark.django_db
def test_a_full_batch_costs_as_few_queries_as_one_row(django_assert_max_num_queries: Callable[[int], object]) -> None:
    page = linked_page()
    rows = [delivery_to(page, str(7_000_000_000_000_000 + n), state=D.DISPATCHING) for n in range(40)]
    for n in range(40):
        thread_of(page, str(7_000_000_000_000_000 + n), delivered_to=seconds(2), read_to=seconds(-5))
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        recording.record([answered(row) for row in rows], fence=1)
    assert Delivery.objects.filter(state=D.DELIVERED).count() == 40


# --- At the same instant --------------------------------------------------------------------------------------


def held_open(work: Callable[[], object], reached: threading.Event, may_commit: threading.Event) -> Callable[[], None]:
    """`work` in a transaction that waits before it commits."""

    def run() -> None:
        with transaction.atomic():
            work()
            reached.set()
            may_commit.wait(timeout=5)

    return run


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["receipt", "answer"])
def test_a_receipt_and_the_answer_at_the_same_instant(first: str) -> None:
    """Neither sees what the other has not committed: one waits for the other, and the later one sees both."""
    page = linked_page()
    thread_of(page)
    row = sending(page)
    reached, may_commit = threading.Event(), threading.Event()
    told, recorded = (
        lambda: tell(page, was_read(page, seconds(1))),
        lambda: recording.record([answered(row)], fence=1),
    )
    leading, following = (told, recorded) if first == "receipt" else (recorded, told)

    def later() -> None:
        reached.wait(timeout=5)
        threading.Timer(0.3, may_commit.set).start()
        following()

    results = race(held_open(leading, reached, may_commit), later)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert state_of(row) == D.READ


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["echo", "loss"])
def test_an_echo_and_the_loss_of_its_sender_at_the_same_instant(first: str) -> None:
    page = linked_page()
    thread_of(page)
    row = sending(page)
    reached, may_commit = threading.Event(), threading.Event()
    told, lost = (
        lambda: tell(page, echo(row, seconds(1))),
        lambda: recording.declare_unknown(page_pk=page.pk, before_fence=2, now=timezone.now()),
    )
    leading, following = (told, lost) if first == "echo" else (lost, told)

    def later() -> object:
        reached.wait(timeout=5)
        threading.Timer(0.3, may_commit.set).start()
        return following()

    results = race(held_open(leading, reached, may_commit), later)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert state_of(row) == D.SENT


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_receipts_of_one_person_at_the_same_instant_count_each_move_once() -> None:
    page = linked_page()
    thread_of(page)
    campaign = launched(1, page)
    row = Delivery.objects.get(campaign=campaign)
    delivery_to(page)
    OptIn.objects.filter(deliveries=row).update(recipient=page.recipients.get(psid=PSID))
    ledger.move_ids([row.pk], D.DISPATCHING, frm=D.QUEUED, fence=1, dispatch_started_at=NOON)
    recording.record([answered(row)], fence=1)
    started = time.monotonic()
    told = [was_read(page, seconds(2))] * 4 + [delivered(page, seconds(2))] * 2
    results = race(*[partial(tell, page, event) for event in told])
    assert results == [None] * 6
    assert states(campaign) == {"read": 1}
    assert time.monotonic() - started < 20
