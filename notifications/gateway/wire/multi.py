"""libcurl's multi handle with a selector of its own: any number of sockets, and a sleep that costs nothing."""

import os
import select
import selectors
import time
from collections.abc import Iterator
from typing import Any

import pycurl

from notifications.gateway.wire.transfer import Transfer

# More than any ceiling in flight: no connection is closed for want of room.
KEPT_CONNECTIONS = 4096
# Seconds. While requests are in flight, libcurl looks at its clock at least this often.
HEARTBEAT = 1.0

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_INTERESTS = {pycurl.POLL_IN: _READ, pycurl.POLL_OUT: _WRITE, pycurl.POLL_INOUT: _READ | _WRITE}
_READINESS = {
    _READ: pycurl.CSELECT_IN,
    _WRITE: pycurl.CSELECT_OUT,
    _READ | _WRITE: pycurl.CSELECT_IN | pycurl.CSELECT_OUT,
}


class Multi:
    """Belongs to one thread; only `wake` may be called from others."""

    def __init__(self) -> None:
        self._flying: dict[Any, Transfer] = {}
        self._timer: float | None = None
        self._watched: set[int] = set()
        # The socket behind each local port, as of the last transfer that used it.
        self._sockets: dict[int, int] = {}
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._selector.register(self._woken, _READ)
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
        ready = self._selector.select(self._until(patience))
        for key, events in ready:
            if key.fd == self._woken:
                os.read(self._woken, 4096)
            elif key.fd in self._watched:
                self._multi.socket_action(key.fd, _READINESS[events])
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
        self._selector.close()
        os.close(self._woken)
        os.close(self._waker)

    def _until(self, patience: float | None) -> float | None:
        waits = [] if patience is None else [patience]
        if self._timer is not None:
            waits.append(self._timer - time.monotonic())
        if self._flying:
            waits.append(HEARTBEAT)
        return max(min(waits), 0.0) if waits else None

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
        fd = self._sockets.get(port, -1)
        if fd < 0:
            return False
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        return any(events & ~select.POLLNVAL for _, events in poll.poll(0))

    def _remove(self, curl: Any) -> Transfer:
        self._sockets[curl.getinfo(pycurl.LOCAL_PORT)] = curl.getinfo(pycurl.ACTIVESOCKET)
        self._multi.remove_handle(curl)
        return self._flying.pop(curl)

    def _watch(self, interest: int, fd: int, _multi: Any, _data: Any) -> None:
        """libcurl says which sockets it waits for; it closes one only after it stopped waiting for it."""
        if interest == pycurl.POLL_REMOVE:
            if fd in self._watched:
                self._watched.remove(fd)
                self._selector.unregister(fd)
        elif fd in self._watched:
            self._selector.modify(fd, _INTERESTS[interest])
        else:
            self._watched.add(fd)
            self._selector.register(fd, _INTERESTS[interest])

    def _set_timer(self, milliseconds: int) -> None:
        self._timer = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
