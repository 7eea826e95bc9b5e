"""What the wire makes of every way in which a far end can let it down."""

import ssl
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import trustme

from notifications.gateway.contract import MAX_ANSWER, Fault
from notifications.gateway.wire import Wire
from tests.notifications.gateway.conftest import WAIT, MakeFarEnd, MakeWire, send, server_context
from tests.support.far_end import (
    OK,
    Act,
    Visit,
    answer,
    close_after_reading,
    drip,
    full_backlog,
    http,
    last_words,
    nobody,
    outburst,
    reset_after_reading,
    reset_unread,
    silence,
)

# A label of 64 letters is no name: the resolver says so without asking anybody.
NO_SUCH_HOST = f"http://{'x' * 64}.invalid"


@pytest.mark.parametrize(
    ("closed", "expected"),
    [(nobody, Fault.REFUSED), (full_backlog, Fault.CONNECT_TIMEOUT)],
    ids=["nobody listens", "nobody accepts"],
)
def test_without_a_connection_not_a_byte_left(
    closed: Callable[[], AbstractContextManager[str]], expected: Fault, make_wire: MakeWire
) -> None:
    with closed() as url:
        got = send(make_wire(connect_timeout=1.0), url)
    assert (got.status, got.fault, got.bytes_sent) == (None, expected, 0)
    assert got.detail


def test_without_an_address_not_a_byte_left(wire: Wire) -> None:
    got = send(wire, NO_SUCH_HOST)
    assert (got.status, got.fault, got.bytes_sent) == (None, Fault.UNRESOLVED, 0)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "file:///etc/hostname", "http://two words/", "nonsense", ""])
def test_what_is_no_http_address_is_not_even_tried(url: str, wire: Wire) -> None:
    got = send(wire, url)
    assert got.status is None
    assert got.fault is not None
    assert (got.bytes_sent, got.body) == (0, b"")


AFTER_A_BYTE: dict[str, tuple[Act, Fault]] = {
    "reset before it was read": (reset_unread, Fault.RESET),
    "reset after it was read": (reset_after_reading, Fault.RESET),
    "closed after it was read": (close_after_reading, Fault.EMPTY),
    "silence": (silence, Fault.TIMEOUT),
    "an interim answer, then closed": (last_words(b"HTTP/1.1 103 Early Hints\r\n\r\n"), Fault.EMPTY),
    "half a status line": (last_words(b"HTTP/1.1 20"), Fault.EMPTY),
    "half the headers": (last_words(b"HTTP/1.1 200 OK\r\nContent-Le"), Fault.PARTIAL),
    "not HTTP": (last_words(b"220 mail.example.com ESMTP\r\n"), Fault.GARBAGE),
    "another protocol": (last_words(b"\x16\x03\x01\x02\x00\x01\x00"), Fault.GARBAGE),
    "headers without end": (last_words(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000), Fault.GARBAGE),
}


@pytest.mark.parametrize(("act", "expected"), AFTER_A_BYTE.values(), ids=AFTER_A_BYTE)
def test_no_answer_after_the_request_left(act: Act, expected: Fault, far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    there = far_end(act)
    got = send(make_wire(total_timeout=0.5 if expected is Fault.TIMEOUT else WAIT), there.url)
    assert got.fault is expected
    assert got.status is None or got.status < 200
    assert got.bytes_sent > 0


HALF: dict[str, tuple[Act, Fault]] = {
    "half the body": (last_words(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"), Fault.PARTIAL),
    "half a chunk": (
        last_words(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf"),
        Fault.PARTIAL,
    ),
    "a broken chunk": (
        last_words(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n"),
        Fault.RESET,
    ),
    "a body that drips too slowly": (drip(http(200, b"x" * 200), pause=0.01), Fault.TIMEOUT),
}


@pytest.mark.parametrize(("act", "expected"), HALF.values(), ids=HALF)
def test_half_an_answer_keeps_its_status(act: Act, expected: Fault, far_end: MakeFarEnd, make_wire: MakeWire) -> None:
    got = send(make_wire(total_timeout=1.5 if expected is Fault.TIMEOUT else WAIT), far_end(act).url)
    assert (got.status, got.fault) == (200, expected)
    assert got.bytes_sent > 0


def test_a_reset_in_the_middle_of_the_body_keeps_the_status(far_end: MakeFarEnd, wire: Wire) -> None:
    def act(visit: Visit) -> bool:
        visit.read()
        visit.send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000\r\n\r\nhalf")
        time.sleep(1.0)  # a reset overtakes what was not yet received
        visit.reset()
        return False

    got = send(wire, far_end(act).url)
    assert (got.status, got.fault, got.body) == (401, Fault.RESET, b"half")


def test_a_huge_body_is_cut_and_is_no_fault(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(answer(http(200, b"x" * 10_000_000)))
    got = send(wire, there.url)
    assert (got.status, got.fault, got.detail) == (200, None, "")
    assert got.truncated
    assert got.body == b"x" * MAX_ANSWER


def test_a_body_of_just_the_kept_size_is_whole(far_end: MakeFarEnd, wire: Wire) -> None:
    got = send(wire, far_end(answer(http(200, b"x" * MAX_ANSWER))).url)
    assert (got.fault, got.truncated, len(got.body)) == (None, False, MAX_ANSWER)


def test_a_redirect_is_not_followed(far_end: MakeFarEnd, wire: Wire) -> None:
    elsewhere = far_end(OK)
    got = send(wire, far_end(answer(http(302, b"", f"Location: {elsewhere.url}/"))).url)
    assert (got.status, got.fault) == (302, None)
    assert elsewhere.connections == 0


def test_an_interim_answer_is_waited_through(far_end: MakeFarEnd, wire: Wire) -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    got = send(wire, far_end(answer(interim + http(200, b"{}", "X-Mine: yes"))).url)
    assert got.status == 200
    assert got.headers == {"content-length": "2", "x-mine": "yes"}


# -- TLS ---------------------------------------------------------------------------------------------------------


def test_a_certificate_that_is_trusted_and_names_the_host_is_fine(
    far_end: MakeFarEnd, wire: Wire, trusted: ssl.SSLContext
) -> None:
    there = far_end(OK, tls=trusted)
    assert send(wire, there.url).status == 200
    assert len(there.requests) == 1


def _of_a_stranger(_ours: trustme.CA) -> ssl.SSLContext:
    return server_context(trustme.CA(), "localhost")


def _for_another_name(ours: trustme.CA) -> ssl.SSLContext:
    return server_context(ours, "elsewhere.example")


@pytest.mark.parametrize("certificate", [_of_a_stranger, _for_another_name])
def test_a_bad_certificate_is_found_before_a_byte_of_the_request_left(
    certificate: Callable[[trustme.CA], ssl.SSLContext], far_end: MakeFarEnd, wire: Wire, ca: trustme.CA
) -> None:
    there = far_end(OK, tls=certificate(ca))
    got = send(wire, there.url)
    assert (got.status, got.fault, got.bytes_sent) == (None, Fault.CERTIFICATE, 0)
    assert there.requests == []


def test_a_far_end_that_does_not_speak_tls_gets_nothing(far_end: MakeFarEnd, wire: Wire) -> None:
    there = far_end(outburst(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    got = send(wire, there.url.replace("http://", "https://"))
    assert (got.status, got.fault, got.bytes_sent) == (None, Fault.CERTIFICATE, 0)


def test_a_far_end_that_never_answers_the_handshake_times_out_as_a_connection(
    far_end: MakeFarEnd, make_wire: MakeWire
) -> None:
    there = far_end(silence)
    got = send(make_wire(connect_timeout=1.0), there.url.replace("http://", "https://"))
    assert (got.fault, got.bytes_sent) == (Fault.CONNECT_TIMEOUT, 0)
