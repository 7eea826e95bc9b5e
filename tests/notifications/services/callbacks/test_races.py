"""Several senders and several writers at the same instant, each with a connection of its own."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from notifications.models import Callback, CallbackEvent, Delivery
from notifications.services import ledger
from notifications.services.callbacks import sending, sweeping, turns
from notifications.states import DeliveryState
from tests.factories import CallbackFactory, DeliveryFactory, OptInFactory
from tests.notifications.services.callbacks.conftest import MakeReceiver
from tests.support.callbacks import TAKEN, happened, listened_to, numbers, walk
from tests.support.far_end import held_until, http, later
from tests.support.processes import wait_for
from tests.support.racing import aside, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

D = DeliveryState


def test_of_many_senders_one_sends_and_no_event_twice(receiver: MakeReceiver) -> None:
    end = receiver(later(http(204), pause=0.02))
    callback = CallbackFactory(url=end.url)
    happened(callback, 450)

    race(*(lambda: sending.call_back(callback.pk) for _sender in range(4)))

    assert [event["number"] for event in walk(end)] == list(range(1, 451))


def test_one_sender_after_another_keeps_the_order_while_events_are_written(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = CallbackFactory(url=end.url)
    done = threading.Event()

    def write() -> None:
        for _time in range(20):
            happened(callback, 7)

    def send() -> None:
        while not done.is_set():
            sending.call_back(callback.pk)

    senders = [aside(send) for _sender in range(3)]
    race(write, write, write)
    until = time.monotonic() + 20
    while CallbackEvent.objects.filter(taken_at=None).exists() and time.monotonic() < until:
        time.sleep(0.05)
    done.set()
    for sender in senders:
        sender.join()

    assert [event["number"] for event in walk(end)] == list(range(1, 421))
    assert len({event["id"] for event in walk(end)}) == 420


def test_an_event_that_is_not_committed_yet_holds_nobody_up_and_is_not_lost(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = CallbackFactory(url=end.url)
    written, sent = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            happened(callback, 1)
            written.set()
            sent.wait(10)

    writer = aside(write_slowly)
    written.wait(10)
    happened(callback, 1)
    sending.call_back(callback.pk)
    assert numbers(end) == [[1]]
    sent.set()
    writer.join()
    sending.call_back(callback.pk)

    assert numbers(end) == [[1], [2]]


def test_two_who_move_the_same_rows_tell_of_each_once() -> None:
    page, callback = listened_to()
    rows = DeliveryFactory.create_batch(40, optin=OptInFactory(page=page))
    pks = [row.pk for row in rows]

    def skip() -> int:
        return ledger.move(Delivery.objects.filter(pk__in=pks), D.SKIPPED, frm=D.QUEUED, campaign_id=None)

    moved = race(*(skip for _mover in range(4)))

    assert sum(count for count in moved if isinstance(count, int)) == 40
    assert sorted(CallbackEvent.objects.values_list("data__delivery", flat=True)) == sorted(pks)
    assert CallbackEvent.objects.filter(callback=callback).count() == 40


def test_a_slow_receiver_holds_no_other_site_up(receiver: MakeReceiver) -> None:
    over = threading.Event()
    slow_end, quick_end = receiver(held_until(over)), receiver(TAKEN)
    slow, quick = CallbackFactory(url=slow_end.url), CallbackFactory(url=quick_end.url)
    happened(slow, 100)
    happened(quick, 100)
    calling = aside(sending.call_back, slow.pk)
    wait_for(lambda: slow_end.requests, "the slow call")

    sending.call_back(quick.pk)

    assert calling.is_alive()
    over.set()
    calling.join()
    assert len(quick_end.requests) == 1


def test_a_call_holds_no_lock(receiver: MakeReceiver) -> None:
    over = threading.Event()
    end = receiver(held_until(over))
    page, callback = listened_to(url=end.url)
    row = DeliveryFactory(optin=OptInFactory(page=page))
    happened(callback, 1)
    calling = aside(sending.call_back, callback.pk)
    wait_for(lambda: end.requests, "the call")

    ledger.move(Delivery.objects.filter(pk=row.pk), D.SKIPPED, frm=D.QUEUED, campaign_id=None)
    Callback.objects.filter(pk=callback.pk).update(url=end.url)

    assert calling.is_alive()
    over.set()
    calling.join()


def test_forgetting_and_numbering_at_once_give_no_number_twice() -> None:
    callback = CallbackFactory()
    old = timezone.now() - timedelta(days=40)
    for _time in range(10):
        happened(callback, 30, at=old)
        happened(callback, 30)

    def number() -> int:
        with transaction.atomic():
            Callback.objects.select_for_update(no_key=True).get(pk=callback.pk)
            turns.number_all(callback_pk=callback.pk)
        return 0

    race(number, lambda: sweeping.forget_events(before=timezone.now() - timedelta(days=30)))

    callback.refresh_from_db()
    numbered = CallbackEvent.objects.exclude(number=None).values_list("number", flat=True)
    kept = [number for number in numbered if number]
    assert len(kept) == len(set(kept))
    assert max(kept, default=0) <= callback.numbered_to
