"""The suite's own guard: a test can't make the wire reach beyond this machine."""

import pytest

from notifications.gateway.contract import Fault
from notifications.gateway.wire import Wire
from tests import conftest
from tests.notifications.gateway.conftest import send


@pytest.mark.parametrize("address", ["192.0.2.1", "[2001:db8::1]"])
def test_a_strangers_address_is_refused_and_noted_down(address: str, wire: Wire) -> None:
    got = send(wire, f"http://{address}/")
    assert (got.fault, got.bytes_sent) == (Fault.REFUSED, 0)
    assert conftest.strangers == [address.strip("[]")]
    conftest.strangers.clear()
