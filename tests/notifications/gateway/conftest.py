"""Wires that are closed again, far ends, and a certificate authority of the tests' own."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from notifications.gateway.contract import Answer, Request
from notifications.gateway.wire import Wire
from tests.support.far_end import Act, FarEnd

MakeWire = Callable[..., Wire]
MakeFarEnd = Callable[..., FarEnd]
WAIT = 30.0


def request_to(url: str, body: bytes = b'{"text":"Bonjour"}') -> Request:
    return Request(url=url, headers=("Content-Type: application/json", "Accept: application/json"), body=body)


def collect(wire: Wire, count: int) -> list[tuple[int, Answer]]:
    """Waits until `count` answers are there, in the order in which they came."""
    answers: list[tuple[int, Answer]] = []
    while len(answers) < count:
        came = wire.completed(WAIT)
        assert came, f"only {len(answers)} of {count} answers came"
        answers += came
    return answers


def until(condition: Callable[[], bool]) -> None:
    """Waits for what another thread brings about."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.002)


def send(wire: Wire, url: str, body: bytes = b'{"text":"Bonjour"}') -> Answer:
    wire.submit(1, request_to(url, body))
    ((_, answer),) = collect(wire, 1)
    return answer


@pytest.fixture
def make_wire(ca: trustme.CA, tmp_path: Path) -> Iterator[MakeWire]:
    ca_file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(ca_file))
    wires: list[Wire] = []

    def make(*, max_in_flight: int = 64, connect_timeout: float = 1.0, total_timeout: float = 2.0) -> Wire:
        wire = Wire(
            max_in_flight=max_in_flight,
            connect_timeout=connect_timeout,
            total_timeout=total_timeout,
            ca_file=str(ca_file),
        )
        wires.append(wire)
        return wire

    yield make
    for wire in wires:
        wire.close()


@pytest.fixture
def wire(make_wire: MakeWire) -> Wire:
    return make_wire()


@pytest.fixture
def far_end() -> Iterator[MakeFarEnd]:
    with ExitStack() as stack:

        def start(*script: Act, tls: ssl.SSLContext | None = None) -> FarEnd:
            return stack.enter_context(FarEnd(*script, tls=tls))

        yield start


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture
def trusted(ca: trustme.CA) -> ssl.SSLContext:
    return server_context(ca, "localhost")
