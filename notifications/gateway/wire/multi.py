"""libcurl's multi handle with a poll of its own: any number of sockets, and a sleep that costs nothing."""

import math
import os
import select
import time
from collections.abc import Iterator
from typing import Any

import pycurl

from notifications.gateway.wire.transfer import Transfer

# More than any ceiling in flight: no connection is closed for want of room.
KEPT_CONNECTIONS = 4096
# Seconds. While requests are in flight, libcurl looks at its clock at least this often.
HEARTBEAT = 1.0

# poll, not epoll: libcurl changes what it waits for several times in each request, which costs poll no system call.
_IN, _OUT = select.POLLIN, select.POLLOUT
_INTERESTS = {pycurl.POLL_IN: _IN, pycurl.POLL_OUT: _OUT, pycurl.POLL_INOUT: _IN | _OUT}
_BOTH = pycurl.CSELECT_IN | pycurl.CSELECT_OUT
# A connection that broke is neither: libcurl finds out by itself when it tries.
_READINESS = {_IN: pycurl.CSELECT_IN, _OUT: pycurl.CSELECT_OUT}


class Multi:
    """Belongs to one thread; only `wake` may be called from others."""

    def __init__(self) -> None:
        self._flying: dict[Any, Transfer] = {}
        self._timer: float | None = None
        self._watched: set[int] = set()
        # The socket behind each local port, as of the last transfer that used it, and a poll of that socket alone.
        self._sockets: dict[int, tuple[int, select.poll]] = {}
        self._poll = select.poll()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._poll.register(self._woken, _IN)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, KEPT_CONNECTIONS)

    def __len__(self) -> int:
        """How many transfers are in flight."""
        return len(self._flying)

    def add(self, transfer: Transfer) -> None:
        self._flying[transfer.curl] = transfer
        self._multi.add_handle(transfer.curl)

    def turn(self, patience: float | None) -> Iterator[tuple[Transfer, int, str]]:
        """Sleeps until something happens, at most `patience` seconds, and lets libcurl work.

        Yields each transfer that ended, with libcurl's result code and words.
        """
        ready = self._poll.poll(self._until(patience))
        for fd, events in ready:
            if fd == self._woken:
                os.read(self._woken, 4096)
            elif fd in self._watched:
                self._multi.socket_action(fd, _READINESS.get(events, _BOTH))
        if self._flying and (not ready or (self._timer is not None and self._timer <= time.monotonic())):
            self._timer = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def wake(self) -> None:
        """Ends the sleep of `turn`, now or the next one."""
        os.write(self._waker, b"!")

    def close(self) -> None:
        for curl in self._flying:
            self._multi.remove_handle(curl)
        self._flying.clear()
        self._multi.close()
        os.close(self._woken)
        os.close(self._waker)

    def _until(self, patience: float | None) -> int | None:
        """Milliseconds; those that have begun count whole, so that it does not wake for nothing just before."""
        waits = [] if patience is None else [patience]
        if self._timer is not None:
            waits.append(self._timer - time.monotonic())
        if self._flying:
            waits.append(HEARTBEAT)
        return math.ceil(max(min(waits), 0.0) * 1000) if waits else None

    def _ended(self) -> Iterator[tuple[Transfer, int, str]]:
        queued = 1 if self._flying else 0
        while queued:
            queued, whole, broken = self._multi.info_read()
            for curl in whole:
                yield self._remove(curl), pycurl.E_OK, ""
            for curl, code, words in broken:
                yield self._remove(curl), code, words

    def peer_left(self, port: int) -> bool:
        """Whether the peer closed the kept connection from this local port, or sent something unasked on it.

        libcurl looks at its idle connections once a second at most. What is written to a dead one is in doubt, so
        each is looked at right before it is used again.
        """
        known = self._sockets.get(port)
        return known is not None and any(events & ~select.POLLNVAL for _, events in known[1].poll(0))

    def _remove(self, curl: Any) -> Transfer:
        self._know(curl.getinfo(pycurl.LOCAL_PORT), curl.getinfo(pycurl.ACTIVESOCKET))
        self._multi.remove_handle(curl)
        return self._flying.pop(curl)

    def _know(self, port: int, fd: int) -> None:
        known = self._sockets.get(port)
        if fd < 0:
            self._sockets.pop(port, None)
        elif known is None or known[0] != fd:
            alone = select.poll()
            alone.register(fd, select.POLLIN)
            self._sockets[port] = (fd, alone)

    def _watch(self, interest: int, fd: int, _multi: Any, _data: Any) -> None:
        """libcurl says which sockets it waits for; it closes one only after it stopped waiting for it."""
        if interest == pycurl.POLL_REMOVE:
            if fd in self._watched:
                self._watched.remove(fd)
                self._poll.unregister(fd)
        else:
            self._watched.add(fd)
            self._poll.register(fd, _INTERESTS[interest])

    def _set_timer(self, milliseconds: int) -> None:
        self._timer = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
