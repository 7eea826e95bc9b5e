"""What a person asks for takes effect within one batch, and nobody waits behind a campaign."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.hints import fence_of
from notifications.models import Campaign, Lease
from notifications.services import campaigns
from notifications.services.pumping import pump_page
from tests.factories import DeliveryFactory, OptInFactory
from tests.support.ledger import launched, states
from tests.support.processes import wait_for
from tests.support.racing import aside
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = 20


@pytest.fixture
def draining(sandbox: FarEnd, settings: Settings) -> Campaign:
    """A campaign whose page is being drained, in small batches and against a far end that takes its time."""
    settings.BATCH_SIZE, settings.MAX_IN_FLIGHT, settings.PUMP_SLICE = BATCH, 10, 20.0
    sandbox.tell(Kind.SLOW, seconds=0.03)
    return launched(600)


@pytest.fixture
def halfway(draining: Campaign, sandbox: FarEnd) -> Any:
    pump = aside(pump_page, draining.page_id)
    wait_for(lambda: len(sandbox.received()) >= 50, "the first fifty messages")
    return pump


@pytest.mark.parametrize("act", [campaigns.pause, campaigns.cancel])
def test_after_it_returns_no_more_than_one_batch_arrives(
    draining: Campaign, halfway: Any, sandbox: FarEnd, act: Callable[..., bool]
) -> None:
    assert act(campaign=draining, actor=None, now=timezone.now())
    arrived = len(sandbox.received())
    halfway.join()

    assert len(sandbox.received()) - arrived <= BATCH + 10, "one batch, and what was in flight"
    assert states(draining)["queued"] > 300


def test_a_resumed_campaign_goes_on_within_one_batch(draining: Campaign, halfway: Any, sandbox: FarEnd) -> None:
    campaigns.pause(campaign=draining, actor=None, now=timezone.now())
    halfway.join()
    arrived = len(sandbox.received())

    campaigns.resume(campaign=draining, actor=None, now=timezone.now())
    pump_page(draining.page_id)

    assert arrived < len(sandbox.received()) == 600


def test_a_single_message_is_sent_within_two_batches_of_a_campaign(
    draining: Campaign, halfway: Any, sandbox: FarEnd
) -> None:
    receipt = DeliveryFactory(optin=OptInFactory(page=draining.page))
    before = len(sandbox.received())
    halfway.join()

    customers = [message.customer_id for message in sandbox.received()]
    assert customers.index(receipt.optin.customer_id) - before <= 2 * BATCH
    assert len(customers) == 601


def test_many_hints_for_one_page_cost_one_turn(sandbox: FarEnd, settings: Settings) -> None:
    settings.PUMP_SLICE, settings.BATCH_SIZE = 0.01, 5
    campaign = launched(100)
    seen = fence_of(campaign.page_id)

    for _ in range(10):
        pump_page(campaign.page_id, fence=seen)

    assert Lease.objects.get().fence == seen + 1
    assert states(campaign)["queued"] > 0


def test_a_page_that_nobody_had_yet_takes_its_first_hint(sandbox: FarEnd) -> None:
    row = DeliveryFactory()

    pump_page(row.page_id, fence=fence_of(row.page_id))

    assert len(sandbox.received()) == 1


def test_what_comes_while_a_turn_finds_nothing_is_not_forgotten(
    sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch, hints: list[tuple[str, int]]
) -> None:
    row = DeliveryFactory()
    found = iter([False, True])
    monkeypatch.setattr("notifications.services.choosing.has_due", lambda _page, _now: next(found))

    pump_page(row.page_id)

    assert [pk for _task, pk in hints] == [row.page_id]
