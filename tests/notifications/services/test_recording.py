"""What a pump learned is written where the row still is as the pump left it, and as often as it has to be said."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Attempt, Delivery
from notifications.reasons import Reason
from notifications.services import ledger, recording
from notifications.services.recording import Result
from notifications.states import AttemptOutcome, DeliveryState
from tests.support.ledger import launched, states

pytestmark = pytest.mark.django_db

OURS = 5
D = DeliveryState
OUTCOMES = {
    D.SENT: AttemptOutcome.ACCEPTED,
    D.QUEUED: AttemptOutcome.RETRY,
    D.FAILED: AttemptOutcome.FAILED,
    D.UNKNOWN: AttemptOutcome.UNKNOWN,
}
# SQLite keeps milliseconds.
LATER = timezone.now().replace(microsecond=250_000) + timedelta(minutes=1)


def marked(*, fence: int = OURS) -> Delivery:
    """The one row of a campaign, marked by the pump with that fence."""
    campaign = launched(1)
    rows = Delivery.objects.filter(campaign=campaign)
    times = {"dispatch_started_at": timezone.now(), "attempts": 1}
    ledger.move(rows, D.DISPATCHING, frm=D.QUEUED, campaign_id=campaign.pk, fence=fence, **times)
    return rows.get()


def result(row: Delivery, state: DeliveryState, *, due_at: datetime | None = None) -> Result:
    return Result(
        delivery_id=row.pk,
        new_state=state,
        reason=Reason.THROTTLED if state is D.QUEUED else "",
        detail="Said the far end",
        message_id="m_1" if state is D.SENT else "",
        due_at=due_at.timestamp() if due_at else None,
        sent_at=None,
        ended_at=None,
        number=1,
        started_at=timezone.now().timestamp(),
        milliseconds=7,
        outcome=OUTCOMES[state],
        status_code=200,
        bytes_sent=100,
        answer="{}",
    )


@pytest.mark.parametrize("state", OUTCOMES)
def test_each_outcome_moves_the_row_and_is_counted(state: DeliveryState) -> None:
    row = marked()

    recording.record([result(row, state, due_at=LATER)], fence=OURS)

    row.refresh_from_db()
    assert (row.state, row.detail, row.due_at) == (state, "Said the far end", LATER)
    assert row.campaign is not None
    assert states(row.campaign) == {state.value: 1}
    assert Attempt.objects.get().outcome == OUTCOMES[state]


@pytest.mark.parametrize("state", OUTCOMES)
def test_saying_it_twice_changes_nothing(state: DeliveryState) -> None:
    row = marked()
    for _ in range(2):
        recording.record([result(row, state, due_at=LATER)], fence=OURS)

    assert row.campaign is not None
    assert states(row.campaign) == {state.value: 1}
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("state", OUTCOMES)
def test_a_row_that_another_pump_marked_is_not_touched(state: DeliveryState) -> None:
    row = marked(fence=OURS + 1)

    recording.record([result(row, state)], fence=OURS)

    row.refresh_from_db()
    assert row.state == D.DISPATCHING
    assert Attempt.objects.get().fence == OURS, "the try is written down all the same"


@pytest.mark.parametrize(
    ("late", "then"), [(D.SENT, D.SENT), (D.QUEUED, D.UNKNOWN), (D.FAILED, D.UNKNOWN), (D.UNKNOWN, D.UNKNOWN)]
)
def test_of_late_answers_only_an_acceptance_ends_the_doubt(late: DeliveryState, then: DeliveryState) -> None:
    row = marked()
    recording.declare_unknown(page_pk=row.page_id, before_fence=OURS + 1, now=timezone.now())

    recording.record([result(row, late)], fence=OURS)

    assert row.campaign is not None
    assert states(row.campaign) == {then.value: 1}


def test_what_a_person_decided_stays_whatever_comes_late() -> None:
    row = marked()
    recording.declare_unknown(page_pk=row.page_id, before_fence=OURS + 1, now=timezone.now())
    Delivery.objects.filter(pk=row.pk).move(D.QUEUED, frm=D.UNKNOWN)

    recording.record([result(row, D.FAILED)], fence=OURS)

    row.refresh_from_db()
    assert row.state == D.QUEUED


def test_what_never_started_is_queued_again_and_was_no_try() -> None:
    row = marked()

    recording.put_back([row.pk], fence=OURS)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (D.QUEUED, 0)
    assert row.campaign is not None
    assert states(row.campaign) == {"queued": 1}


def test_what_another_pump_marked_is_not_put_back() -> None:
    row = marked(fence=OURS + 1)

    recording.put_back([row.pk], fence=OURS)
    recording.put_back_unsent(page_pk=row.page_id, fence=OURS)

    row.refresh_from_db()
    assert row.state == D.DISPATCHING
