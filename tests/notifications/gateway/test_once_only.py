"""libcurl never sends a request a second time by itself, whatever becomes of the connection it used."""

import ssl
import threading
import time

import pytest

from notifications.gateway.contract import Fault
from notifications.gateway.wire import Wire, transfer
from tests.notifications.gateway.conftest import WAIT, MakeFarEnd, collect, request_to, send, until
from tests.support.far_end import (
    OK,
    Act,
    Visit,
    close_after_reading,
    http,
    last_words,
    reset_after_reading,
    reset_unread,
)

LARGE = b"x" * 300_000


@pytest.mark.parametrize("body", [b'{"text":"Bonjour"}', LARGE], ids=["small", "large"])
@pytest.mark.parametrize("secured", [False, True], ids=["http", "https"])
@pytest.mark.parametrize(
    ("act", "fault"),
    [(close_after_reading, Fault.EMPTY), (reset_after_reading, Fault.EMPTY)],
    ids=["closed", "reset"],
)
def test_a_kept_connection_that_dies_unanswered_leaves_one_request_in_doubt(
    act: Act, fault: Fault, *, secured: bool, body: bytes, far_end: MakeFarEnd, wire: Wire, trusted: ssl.SSLContext
) -> None:
    there = far_end(OK, act, OK, tls=trusted if secured else None)
    assert send(wire, there.url).status == 200
    got = send(wire, there.url, body)
    assert (got.status, got.fault) == (None, fault)
    assert got.bytes_sent > 0
    assert len(there.requests) == 2
    assert there.connections == 1


def test_a_kept_connection_that_is_reset_unread_is_not_replaced_either(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK, reset_unread, OK)
    assert send(wire, there.url).status == 200
    got = send(wire, there.url)
    assert got.fault is not None
    assert got.bytes_sent > 0
    assert len(there.requests) == 1


def test_other_kept_connections_are_no_way_to_send_it_again(far_end: MakeFarEnd, wire: Wire) -> None:
    together = threading.Barrier(3)

    def slowly(visit: Visit) -> bool:
        visit.read()
        together.wait(WAIT)  # so that the three need a connection each
        visit.send(http(200))
        return True

    there = far_end(slowly, slowly, slowly, close_after_reading, OK)
    for key in range(3):
        wire.submit(key, request_to(there.url))
    collect(wire, 3)
    assert there.connections == 3
    assert send(wire, there.url).fault is Fault.EMPTY
    assert len(there.requests) == 4


def test_the_wire_goes_on_after_a_connection_died(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK, close_after_reading, OK)
    assert [send(wire, there.url).status for _ in range(3)] == [200, None, 200]
    assert there.connections == 2


@pytest.mark.parametrize("secured", [False, True], ids=["http", "https"])
def test_a_connection_that_its_peer_closed_while_idle_is_replaced_before_anything_is_sent(
    *, secured: bool, far_end: MakeFarEnd, wire: Wire, trusted: ssl.SSLContext
) -> None:
    there = far_end(last_words(http(200)), OK, tls=trusted if secured else None)
    assert send(wire, there.url).status == 200
    until(lambda: there.closed == 1)
    assert send(wire, there.url).status == 200
    assert len(there.requests) == there.connections == 2


def test_an_idle_connection_is_not_trusted_for_long(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    send(wire, there.url)
    time.sleep(transfer.KEPT_IDLE + 1.1)  # libcurl counts in whole seconds
    send(wire, there.url)
    assert there.connections == 2


def test_a_large_body_arrives_whole_and_unasked(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    got = send(wire, there.url, LARGE * 10)
    assert got.status == 200
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    assert body == LARGE * 10
    assert b"expect" not in head.lower()
    assert got.bytes_sent == len(there.requests[0])
