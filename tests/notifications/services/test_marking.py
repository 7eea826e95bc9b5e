"""Which rows a batch takes, and what it brings with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.services import lease, marking, recording
from notifications.services.lease import Held
from notifications.services.marking import Batch
from notifications.states import DeliveryState
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from pages.services.links import unlink_page
from tests.factories import ContentFactory, DeliveryFactory, LinkedPageFactory, OptInFactory
from tests.support.ledger import launched, states

pytestmark = pytest.mark.django_db


def hold(page: Page) -> Held:
    held = lease.acquire(page_pk=page.pk, holder="one")
    assert held is not None
    return held


def mark(held: Held, most: int) -> Batch:
    return marking.mark(held=held, now=timezone.now(), most=most)


def of(campaign: Campaign, batch: Batch) -> int:
    return Delivery.objects.filter(campaign=campaign, pk__in=[row.delivery_id for row in batch.rows]).count()


def postpone(campaign: Campaign, *, leave: int = 0) -> None:
    later = Delivery.objects.filter(campaign=campaign).order_by("pk").values("pk")[leave:]
    Delivery.objects.filter(pk__in=list(later.values_list("pk", flat=True))).update(
        due_at=timezone.now() + timedelta(hours=1)
    )


def test_running_campaigns_share_the_room() -> None:
    page = LinkedPageFactory()
    one, other = launched(10, page), launched(0, page)

    batch = mark(hold(page), 8)

    assert (of(one, batch), of(other, batch)) == (4, 4)


def test_what_one_campaign_leaves_of_its_share_goes_to_the_others() -> None:
    page = LinkedPageFactory()
    busy, waiting, nearly_done = launched(10, page), launched(0, page), launched(0, page)
    postpone(waiting)
    postpone(nearly_done, leave=1)

    batch = mark(hold(page), 9)

    assert (of(busy, batch), of(waiting, batch), of(nearly_done, batch)) == (8, 0, 1)
    assert batch.more


def test_with_less_room_than_campaigns_each_has_its_turn() -> None:
    page = LinkedPageFactory()
    running = [launched(20, page), launched(0, page), launched(0, page)]
    held = hold(page)

    for _ in range(20):
        mark(held, 1)

    assert all(states(campaign).get("dispatching") for campaign in running)


def test_no_row_is_taken_twice_for_one_batch() -> None:
    page = LinkedPageFactory()
    launched(3, page)
    postpone(launched(0, page))

    batch = mark(hold(page), 3)

    assert len({row.delivery_id for row in batch.rows}) == len(batch.rows) == 3


def test_a_batch_that_was_skipped_may_be_followed_by_one_that_is_not() -> None:
    campaign = launched(6)
    first = OptIn.objects.order_by("pk").values_list("pk", flat=True)[:4]
    OptIn.objects.filter(pk__in=list(first)).update(state=OptInState.REVOKED)
    held = hold(campaign.page)

    skipped, sent, rest = mark(held, 4), mark(held, 2), mark(held, 2)

    assert (skipped.rows, skipped.more) == ([], True)
    assert (len(sent.rows), sent.more) == (2, True)
    assert (rest.rows, rest.more) == ([], False)
    assert states(campaign) == {"skipped": 4, "dispatching": 2}


def test_each_row_brings_its_own_frozen_text() -> None:
    page = LinkedPageFactory()
    texts = ['{"text":"One"}', '{"text":"Two"}']
    for text in texts:
        DeliveryFactory(optin=OptInFactory(page=page), content=ContentFactory(body=text))

    batch = mark(hold(page), 10)

    assert [row.body for row in batch.rows] == texts


def test_a_try_is_counted_when_it_is_marked() -> None:
    row = DeliveryFactory(attempts=2)

    (marked,) = mark(hold(row.page), 1).rows

    row.refresh_from_db()
    assert (row.state, row.attempts, marked.number) == (DeliveryState.DISPATCHING, 3, 3)


def test_a_page_that_is_held_meanwhile_marks_nothing_more() -> None:
    row = DeliveryFactory()
    held = hold(row.page)
    hold_page(page=row.page, kind=IncidentKind.FORBIDDEN, detail="", now=timezone.now())

    assert mark(held, 1) == Batch(rows=[], more=False)


def test_a_page_that_is_unlinked_meanwhile_marks_nothing_more() -> None:
    row = DeliveryFactory()
    held = hold(row.page)
    unlink_page(page=row.page, actor=None, now=timezone.now())

    assert mark(held, 1) == Batch(rows=[], more=False)


def test_what_this_pump_has_marked_is_not_lost() -> None:
    row = DeliveryFactory()
    held = hold(row.page)
    mark(held, 1)

    assert recording.declare_unknown(page_pk=row.page_id, before_fence=held.fence, now=timezone.now()) == 0
