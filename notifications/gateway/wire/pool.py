"""The wires of this process: lent to one pump at a time, kept with their connections for the next."""

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.conf import settings

from notifications.gateway.wire.thread import Wire


class _Terms(NamedTuple):
    connect_timeout: float
    total_timeout: float
    ca_file: str


_lock = threading.Lock()
# By the settings under which they were made.
_idle: dict[_Terms, list[Wire]] = {}
# A forked child may neither use nor close what it inherits: its parent's threads are not there, and closing would
# end its parent's TLS connections. So it keeps them, untouched.
_inherited: list[Wire] = []


@contextmanager
def borrow() -> Iterator[Wire]:
    """A wire of one's own until the end of the block, under the settings' time-outs and ceiling in flight."""
    terms = _Terms(settings.CONNECT_TIMEOUT, settings.TOTAL_TIMEOUT, settings.CA_FILE)
    wire = _idle_wire(terms) or Wire(
        max_in_flight=settings.MAX_IN_FLIGHT,
        connect_timeout=terms.connect_timeout,
        total_timeout=terms.total_timeout,
        ca_file=terms.ca_file,
    )
    try:
        yield wire
    finally:
        _give_back(terms, wire)


def close_idle() -> None:
    with _lock:
        wires = [wire for idle in _idle.values() for wire in idle]
        _idle.clear()
    for wire in wires:
        wire.close()


def _idle_wire(terms: _Terms) -> Wire | None:
    with _lock:
        idle = _idle.get(terms)
        if not idle:
            return None
        wire = idle.pop()
    wire.renew()
    wire.set_limit(settings.MAX_IN_FLIGHT)
    return wire


def _give_back(terms: _Terms, wire: Wire) -> None:
    """A borrower who leaves requests behind was interrupted; their answers must not reach the next one."""
    if wire.outstanding or not wire.alive:
        wire.close()
        return
    with _lock:
        _idle.setdefault(terms, []).append(wire)


def _forget_inherited() -> None:
    global _lock
    _lock = threading.Lock()  # a thread that is not in this child may have held it
    _inherited.extend(wire for idle in _idle.values() for wire in idle)
    _idle.clear()


os.register_at_fork(after_in_child=_forget_inherited)
atexit.register(close_idle)
