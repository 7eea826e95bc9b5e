"""Pumps that die, freeze or are asked to stop: what is in doubt, what is not, and who may still send."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.models import Delivery, Lease
from notifications.reasons import Reason
from notifications.services import lease, marking
from notifications.services.pumping import pump_page
from notifications.shutdown import stopping
from notifications.states import DeliveryState
from pages.models import Page
from tests.support.ledger import launched, states
from tests.support.processes import wait_for
from tests.support.racing import aside
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)


def run_out(page: Page) -> None:
    Lease.objects.filter(pk=page.pk).update(expires_at=timezone.now() - timedelta(seconds=1), rest_until=None)


def test_what_a_dead_pump_left_marked_is_in_doubt_and_not_sent(sandbox: FarEnd) -> None:
    campaign = launched(10)
    dead = lease.acquire(page_pk=campaign.page_id, holder="dead")
    assert dead is not None
    left = marking.mark(held=dead, now=timezone.now(), most=4)
    run_out(campaign.page)

    pump_page(campaign.page_id)

    in_doubt = Delivery.objects.filter(state=DeliveryState.UNKNOWN)
    assert {row.pk for row in in_doubt} == {row.delivery_id for row in left.rows}
    assert {row.reason for row in in_doubt} == {Reason.SENDER_LOST}
    assert states(campaign) == {"sent": 6, "unknown": 4}
    assert len(sandbox.received()) == 6


def test_who_lost_the_fence_marks_nothing(sandbox: FarEnd) -> None:
    campaign = launched(3)
    frozen = lease.acquire(page_pk=campaign.page_id, holder="frozen")
    assert frozen is not None
    run_out(campaign.page)
    assert lease.acquire(page_pk=campaign.page_id, holder="next") is not None

    with pytest.raises(marking.LeaseLost):
        marking.mark(held=frozen, now=timezone.now(), most=3)

    assert states(campaign) == {"queued": 3}


def test_a_second_pump_of_the_same_page_does_nothing(sandbox: FarEnd) -> None:
    campaign = launched(60)
    sandbox.tell(Kind.SLOW, seconds=0.2)

    for thread in [aside(pump_page, campaign.page_id) for _ in range(3)]:
        thread.join()

    assert len(sandbox.received()) == 60
    assert states(campaign) == {"sent": 60}


def test_a_process_that_is_asked_to_stop_puts_back_what_it_had_not_started(sandbox: FarEnd, settings: Settings) -> None:
    settings.MAX_IN_FLIGHT = 2
    campaign = launched(80)
    sandbox.tell(Kind.SLOW, seconds=0.3)
    threading.Timer(0.5, stopping.set).start()

    pump_page(campaign.page_id)

    counted = states(campaign)
    assert set(counted) == {"sent", "queued"}
    assert counted["sent"] == len(sandbox.received()) < 20
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED, attempts__gt=0).exists()


def test_a_late_answer_ends_the_doubt_that_a_newer_pump_declared(sandbox: FarEnd) -> None:
    """A worker that froze in the middle of a request wakes and reads that it was accepted."""
    campaign = launched(1)
    sandbox.tell(Kind.SLOW, seconds=0.8)
    slow = aside(pump_page, campaign.page_id)
    while not Delivery.objects.filter(state=DeliveryState.DISPATCHING).exists():
        pass
    run_out(campaign.page)
    pump_page(campaign.page_id)
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN

    slow.join()

    assert Delivery.objects.get().state == DeliveryState.SENT
    assert states(campaign) == {"sent": 1}
    assert len(sandbox.received()) == 1


def test_nothing_leaves_under_a_lease_that_may_have_run_out(sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = launched(5)
    monkeypatch.setattr(lease.Held, "stands", lambda _held: False)

    pump_page(campaign.page_id)

    assert sandbox.received() == []
    assert states(campaign) == {"queued": 5}
    assert not Delivery.objects.filter(attempts__gt=0).exists()


def test_a_pump_that_marks_nothing_more_keeps_its_lease_until_the_last_answer(
    sandbox: FarEnd, settings: Settings
) -> None:
    settings.LEASE_SECONDS = 3.0
    campaign = launched(2)
    refused = Delivery.objects.latest("pk").whom
    sandbox.tell(Kind.SLOW, seconds=6.0)
    sandbox.tell(Kind.ANSWER, customer_prefix=refused, status=403, delivers=False)
    pump = aside(pump_page, campaign.page_id)
    wait_for(lambda: len(sandbox.received()) == 2, "both messages")
    time.sleep(settings.LEASE_SECONDS + 1)

    assert lease.acquire(page_pk=campaign.page_id, holder="next") is None

    pump.join()
    assert states(campaign) == {"sent": 1, "queued": 1}
