"""An agreement to one message: of several that wait for it, one leaves."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from messenger_admin.sandbox.behaviours import Kind
from notifications.models import Delivery, Lease
from notifications.reasons import Reason
from notifications.services import lease, marking, recording
from notifications.services.lease import Held
from notifications.services.pumping import pump_page
from notifications.states import AttemptOutcome, DeliveryState
from optins.models import OptIn
from optins.services import Agreement, agree
from optins.states import OptInState, Source
from pages.models import Page
from tests.factories import AttemptFactory, DeliveryFactory, LinkedPageFactory
from tests.support.ledger import launched
from tests.support.racing import race
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)

D = DeliveryState


@pytest.fixture
def page() -> Page:
    return LinkedPageFactory()


@pytest.fixture
def optin(page: Page) -> OptIn:
    return agreed(page)


def agreed(page: Page, *, at: datetime | None = None, note: str = "first") -> OptIn:
    agreement = Agreement(source=Source.API, evidence={"note": note})
    return agree(page=page, customer_id="instock-AB123-x", agreement=agreement, now=at or timezone.now())


def taken(page: Page) -> Held:
    held = lease.acquire(page_pk=page.pk, holder="test")
    assert held
    return held


def mark(held: Held, most: int = 10) -> list[int]:
    return [row.delivery_id for row in marking.mark(held=held, now=timezone.now(), most=most).rows]


def states(optin: OptIn) -> list[tuple[str, str]]:
    return list(Delivery.objects.filter(optin=optin).order_by("pk").values_list("state", "reason"))


def test_of_two_in_one_batch_one_leaves_and_the_other_says_why(sandbox: FarEnd, page: Page, optin: OptIn) -> None:
    DeliveryFactory.create_batch(2, optin=optin)
    pump_page(page.pk)

    assert len(sandbox.received()) == 1
    assert states(optin) == [(D.SENT, ""), (D.SKIPPED, Reason.USED_UP)]


def test_so_do_two_campaigns(sandbox: FarEnd, page: Page, optin: OptIn) -> None:
    for _campaign in range(2):
        launched(0, page, purpose="alert")
    pump_page(page.pk)

    assert len(sandbox.received()) == 1
    assert sorted(states(optin)) == [(D.SENT, ""), (D.SKIPPED, Reason.USED_UP)]


def test_while_one_is_on_its_way_the_other_waits(page: Page, optin: OptIn) -> None:
    first, second = DeliveryFactory.create_batch(2, optin=optin)
    held = taken(page)

    assert (mark(held), mark(held)) == ([first.pk], [])
    assert states(optin)[1] == (D.QUEUED, "")
    recording.put_back([first.pk], fence=held.fence)
    assert len(mark(held)) == 1
    assert second


@pytest.mark.parametrize("outcome", [AttemptOutcome.RETRY, AttemptOutcome.FAILED])
def test_what_certainly_did_not_leave_uses_nothing_up(page: Page, optin: OptIn, outcome: AttemptOutcome) -> None:
    state = D.QUEUED if outcome is AttemptOutcome.RETRY else D.FAILED
    tried = DeliveryFactory(
        optin=optin, state=state, attempts=1, fence=1, dispatch_started_at=timezone.now(), due_at=later()
    )
    AttemptFactory(delivery=tried, outcome=outcome)
    waiting = DeliveryFactory(optin=optin)

    assert mark(taken(page)) == [waiting.pk]


@pytest.mark.parametrize(
    ("state", "more"),
    [
        (D.UNKNOWN, {}),
        (D.FAILED, {"parts_sent": 1}),
        # A sender was lost, and a person sends it again: of that try nobody knows what became of it.
        (D.QUEUED, {}),
    ],
)
def test_what_may_have_left_has_used_it_up(page: Page, optin: OptIn, state: D, more: dict[str, int]) -> None:
    begun = {"attempts": 1, "fence": 1, "dispatch_started_at": timezone.now(), "due_at": later()}
    DeliveryFactory(optin=optin, state=state, **begun, **more)
    waiting = DeliveryFactory(optin=optin)

    assert mark(taken(page)) == []
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (D.SKIPPED, Reason.USED_UP)


def test_whoever_agrees_anew_may_get_another(page: Page) -> None:
    ago = timezone.now() - timedelta(hours=2)
    optin = agreed(page, at=ago)
    begun = {"attempts": 1, "fence": 1, "dispatch_started_at": ago + timedelta(hours=1)}
    DeliveryFactory(optin=optin, state=D.UNKNOWN, **begun)
    agreed(page, note="second")
    waiting = DeliveryFactory(optin=optin)

    assert mark(taken(page)) == [waiting.pk]


def test_what_was_queued_before_and_leaves_after_a_new_agreement_uses_that_up(
    sandbox: FarEnd, page: Page, optin: OptIn
) -> None:
    DeliveryFactory(optin=optin, created_at=timezone.now() - timedelta(days=1))
    agreed(page, note="second")
    pump_page(page.pk)

    optin.refresh_from_db()
    assert optin.state == OptInState.EXPIRED


def test_a_doubt_that_ends_as_sent_leaves_nothing_for_the_other(sandbox: FarEnd, page: Page, optin: OptIn) -> None:
    DeliveryFactory.create_batch(2, optin=optin)
    sandbox.tell(Kind.ANSWER, status=500)
    pump_page(page.pk)
    Lease.objects.update(rest_until=None)
    pump_page(page.pk)

    assert [state for state, _reason in states(optin)] == [D.UNKNOWN, D.SKIPPED]
    assert len(sandbox.received()) == 1


@pytest.mark.postgres
def test_of_two_that_mark_at_once_one_gets_the_agreement(page: Page, optin: OptIn) -> None:
    for _round in range(20):
        Delivery.objects.all().delete()
        OptIn.objects.filter(pk=optin.pk).update(state=OptInState.ACTIVE)
        DeliveryFactory.create_batch(2, optin=optin)
        Lease.objects.all().delete()
        held = taken(page)

        found = race(*[lambda held=held: mark(held, most=1)] * 2)

        assert sorted(len(one) for one in found if isinstance(one, list)) == [0, 1], found


def later() -> datetime:
    return timezone.now() + timedelta(hours=1)
