"""Lending wires: one borrower at a time, connections kept, nothing left for the next, safe after a fork."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from notifications.gateway.contract import Fault
from notifications.gateway.wire import Wire, borrow, pool
from tests.notifications.gateway.conftest import MakeFarEnd, request_to, send
from tests.support.far_end import OK, silence


@pytest.fixture(autouse=True)
def _empty_pool() -> Iterator[None]:
    pool.close_idle()
    yield
    pool.close_idle()


def test_the_next_borrower_finds_the_connections_of_the_last(far_end: MakeFarEnd) -> None:
    there = far_end(OK)
    for _ in range(3):
        with borrow() as wire:
            assert send(wire, there.url).status == 200
    assert there.connections == 1


def test_two_borrowers_have_a_wire_each() -> None:
    with borrow() as one, borrow() as other:
        assert one is not other


def test_the_next_borrower_finds_neither_guard_nor_abandonment(far_end: MakeFarEnd) -> None:
    there = far_end(OK)
    with borrow() as wire:
        wire.guard = lambda: False
        wire.abandon()
        assert send(wire, there.url).fault is Fault.ABANDONED
    with borrow() as again:
        assert again is wire
        assert send(again, there.url).status == 200


def test_a_wire_with_requests_left_is_not_lent_again(far_end: MakeFarEnd) -> None:
    there = far_end(silence)

    def interrupted() -> Wire:
        with borrow() as wire:
            wire.submit(1, request_to(there.url))
            raise KeyboardInterrupt
        return wire

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [thread for thread in threading.enumerate() if thread.name == "wire"] == []
    with borrow() as wire:
        assert wire.outstanding == 0


def test_changed_settings_get_a_wire_of_their_own(far_end: MakeFarEnd, settings: Settings) -> None:
    with borrow() as patient:
        pass
    settings.TOTAL_TIMEOUT = 0.2
    with borrow() as hasty:
        assert hasty is not patient
        assert send(hasty, far_end(silence).url).fault is Fault.TIMEOUT


def test_a_forked_child_uses_a_wire_of_its_own_and_leaves_its_parents_alone(far_end: MakeFarEnd) -> None:
    there = far_end(OK)
    with borrow() as wire:
        assert send(wire, there.url).status == 200
    child = os.fork()
    if not child:
        with borrow() as own:
            fine = own is not wire and send(own, there.url).status == 200
        os._exit(0 if fine else 1)
    assert os.waitstatus_to_exitcode(_wait_for(child)) == 0
    with borrow() as again:
        assert again is wire
        assert send(again, there.url).status == 200
    assert there.connections == 2


def _wait_for(child: int) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        time.sleep(0.01)
    os.kill(child, 9)
    return os.waitpid(child, 0)[1]
