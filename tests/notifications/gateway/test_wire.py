"""The queue before and behind the wire: order, pace, ceiling, calling back, sleeping, closing."""

import time

import pytest

from notifications.gateway.contract import Fault
from notifications.gateway.wire import Wire, WireClosed
from tests.notifications.gateway.conftest import WAIT, MakeFarEnd, MakeWire, collect, request_to, send, until
from tests.support.far_end import OK, FarEnd, answer, full_backlog, http, later, silence
from tests.support.patience import once_in


def bodies(there: FarEnd) -> list[int]:
    return [int(request.rpartition(b"\r\n")[2]) for request in there.requests]


def test_what_left_is_the_request_byte_for_byte(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    body = '{"text":"Été  à 4.95 €"}'.encode()
    got = send(wire, f"{there.url}/a/../%2E%2E/b?c=%2F", body)
    head, _, arrived = there.requests[0].partition(b"\r\n\r\n")
    assert arrived == body
    assert head.split(b"\r\n") == [
        b"POST /a/../%2E%2E/b?c=%2F HTTP/1.1",
        f"Host: 127.0.0.1:{there.port}".encode(),
        b"User-Agent: MessengerAdmin/0.1",
        b"Content-Type: application/json",
        b"Accept: application/json",
        f"Content-Length: {len(body)}".encode(),
    ]
    assert got.bytes_sent == len(there.requests[0])


def test_an_answer_comes_back_whole_under_its_key(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(answer(http(202, b'{"a":1}', "X-One: a", "x-one: b")))
    before = time.time()
    wire.submit(77, request_to(there.url))
    ((key, got),) = collect(wire, 1)
    assert (key, got.status, got.body, got.fault, got.truncated) == (77, 202, b'{"a":1}', None, False)
    assert got.headers["x-one"] == "a, b"
    assert before <= got.started_at <= time.time()
    assert 0 < got.seconds < 1


def test_no_proxy_is_used_whatever_the_environment_says(
    far_end: MakeFarEnd, make_wire: MakeWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, there = far_end(OK), far_end(OK)
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    assert send(make_wire(), there.url).status == 200
    assert (proxy.connections, there.connections) == (0, 1)


def test_connections_are_kept_from_one_request_to_the_next(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    for _ in range(20):
        assert send(wire, there.url).status == 200
    assert (len(there.requests), there.connections) == (20, 1)


def test_requests_leave_in_the_order_in_which_they_were_submitted(far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(OK), make_wire(max_in_flight=1)
    for number in range(50):
        wire.submit(number, request_to(there.url, b"%d" % number))
    assert [key for key, _ in collect(wire, 50)] == bodies(there) == list(range(50))


def test_the_ceiling_in_flight_holds_and_is_reached(far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(later(http(200), pause=0.3)), make_wire(max_in_flight=5)
    for number in range(12):
        wire.submit(number, request_to(there.url))
    until(lambda: wire.in_flight == 5)
    assert (wire.in_flight, wire.waiting, wire.outstanding) == (5, 7, 12)
    collect(wire, 12)
    assert there.connections == 5
    assert (wire.in_flight, wire.waiting, wire.outstanding) == (0, 0, 0)


def test_a_raised_ceiling_takes_effect_at_once(far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(silence), make_wire(max_in_flight=1, total_timeout=WAIT)
    for number in range(4):
        wire.submit(number, request_to(there.url))
    until(lambda: len(there.requests) == 1)
    assert wire.in_flight == 1
    wire.set_limit(3)
    until(lambda: len(there.requests) == 3)
    assert (wire.in_flight, wire.waiting) == (3, 1)


# -- pace --------------------------------------------------------------------------------------------------------


def test_a_paced_request_leaves_at_its_time(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)

    def is_punctual() -> bool:
        send(wire, there.url)  # the connection is there
        there.times.clear()
        begin = time.monotonic() + 0.05
        starts = [begin + number * 0.01 for number in range(20)]
        for number, start in enumerate(starts):
            wire.submit(number, request_to(there.url), not_before=start)
        collect(wire, 20)
        late = sorted(at - start for at, start in zip(there.times, starts, strict=True))
        assert late[0] >= 0
        return late[5] < 0.02

    assert once_in(10, is_punctual)


def test_an_earlier_start_goes_before_a_later_one(far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(OK), make_wire(max_in_flight=1)
    now = time.monotonic()
    for number, ahead in enumerate((0.15, 0.05, 0.1)):
        wire.submit(number, request_to(there.url, b"%d" % number), not_before=now + ahead)
    collect(wire, 3)
    assert bodies(there) == [1, 2, 0]


def test_a_request_that_waits_for_its_time_holds_up_no_other(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    wire.submit(1, request_to(there.url), not_before=time.monotonic() + 60)
    wire.submit(2, request_to(there.url))
    assert [key for key, _ in collect(wire, 1)] == [2]
    assert wire.waiting == 1


# -- calling back ------------------------------------------------------------------------------------------------


def test_abandoning_calls_back_what_has_not_started_and_lets_the_rest_end(
    far_end: MakeFarEnd, make_wire: MakeWire
) -> None:
    there, wire = far_end(later(http(200), pause=0.5)), make_wire(max_in_flight=2)
    for number in range(6):
        wire.submit(number, request_to(there.url))
    wire.submit(6, request_to(there.url), not_before=time.monotonic() + 60)
    until(lambda: len(there.requests) == 2)
    wire.abandon()
    answers = dict(collect(wire, 7))
    assert [answers[key].status for key in (0, 1)] == [200, 200]
    assert {(answers[key].fault, answers[key].bytes_sent) for key in range(2, 7)} == {(Fault.ABANDONED, 0)}
    assert len(there.requests) == 2


def test_nothing_starts_after_abandoning_until_the_wire_is_renewed(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    wire.abandon()
    assert send(wire, there.url).fault is Fault.ABANDONED
    wire.renew()
    assert send(wire, there.url).status == 200
    assert len(there.requests) == 1


def test_a_guard_that_says_no_keeps_every_byte_back(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    wire.guard = lambda: False
    got = send(wire, there.url)
    assert (got.fault, got.bytes_sent, there.connections) == (Fault.ABANDONED, 0, 0)


def test_the_guard_is_asked_again_once_the_connection_stands(far_end: MakeFarEnd, wire: Wire) -> None:
    there, says = far_end(OK), iter([True, False])
    wire.guard = lambda: next(says)
    got = send(wire, there.url)
    assert (got.fault, got.bytes_sent) == (Fault.ABANDONED, 0)
    assert list(says) == []
    assert there.requests == []


def test_what_is_still_connecting_is_called_back_too(make_wire: MakeWire) -> None:
    wire = make_wire(connect_timeout=0.3)
    with full_backlog() as url:
        wire.submit(1, request_to(url))
        time.sleep(0.05)
        wire.abandon()
        ((_, got),) = collect(wire, 1)
    assert got.bytes_sent == 0


# -- sleeping and waking -----------------------------------------------------------------------------------------


def test_a_sleeping_wire_wakes_at_once(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(OK)
    send(wire, there.url)

    def is_awake_at_once() -> bool:
        time.sleep(0.01)
        begin = time.monotonic()
        send(wire, there.url)
        return time.monotonic() - begin < 0.01

    assert once_in(100, is_awake_at_once)


@pytest.mark.parametrize("left", [0, 1, 3], ids=["nothing to do", "an answer to come", "the ceiling reached"])
def test_waiting_costs_no_time_of_the_processor(left: int, far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(OK, silence), make_wire(max_in_flight=1, total_timeout=WAIT)
    send(wire, there.url)
    for key in range(left):
        wire.submit(key, request_to(there.url))
    time.sleep(0.1)

    def costs_nothing() -> bool:
        before = time.process_time()
        time.sleep(1)
        return time.process_time() - before < 0.02

    assert once_in(3, costs_nothing)


def test_collecting_waits_no_longer_than_it_was_told(wire: Wire) -> None:
    def is_punctual() -> bool:
        begin = time.monotonic()
        assert wire.completed(0.1) == []
        assert wire.completed(0) == []
        took = time.monotonic() - begin
        assert took >= 0.1
        return took < 0.3

    assert once_in(10, is_punctual)


def test_every_answer_comes_back_once(far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(OK), make_wire(max_in_flight=16)
    for number in range(500):
        wire.submit(number, request_to(there.url, b"%d" % number))
    keys = [key for key, _ in collect(wire, 500)]
    assert sorted(keys) == sorted(bodies(there)) == list(range(500))
    assert there.connections <= 16


# -- closing -----------------------------------------------------------------------------------------------------


def test_a_closed_wire_says_so(wire: Wire) -> None:
    wire.close()
    wire.close()
    with pytest.raises(WireClosed):
        wire.submit(1, request_to("http://127.0.0.1:9"))
    with pytest.raises(WireClosed):
        wire.completed(0)


def test_closing_does_not_wait_for_what_is_in_flight(far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there, wire = far_end(silence), make_wire(total_timeout=WAIT)
    wire.submit(1, request_to(there.url))
    time.sleep(0.05)
    begin = time.monotonic()
    wire.close()
    assert time.monotonic() - begin < WAIT / 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_whoever_waits_for_a_wire_whose_thread_died_is_told(far_end: MakeFarEnd, wire: Wire) -> None:
    def broken() -> bool:
        raise ZeroDivisionError

    wire.guard = broken
    wire.submit(1, request_to(far_end(OK).url))
    begin = time.monotonic()
    with pytest.raises(WireClosed):
        wire.completed(WAIT)
    assert time.monotonic() - begin < WAIT / 2
    assert not wire.alive
