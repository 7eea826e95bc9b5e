"""Opening a connection to a server that somebody named: to an address that was looked at, cut when its time is over.

The name is resolved here, each address judged, and the connection opened to the judged one: a name that is made to
point elsewhere a moment later changes nothing.
"""

import socket
import time
from contextlib import suppress
from threading import Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError

from pages.public_addresses import may_connect


class AddressRefused(NewConnectionError):
    """The host stands for no address that a call may go to."""


class Deadline:
    """Cuts a connection when the time for the whole call is over: a time-out of each read alone never would."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._ends_at = time.monotonic() + seconds
        self._watched: socket.socket | None = None
        self._timer: Timer | None = None

    def watch(self, opened: socket.socket) -> None:
        self._watched = opened.dup()
        self._timer = Timer(max(0.0, self._ends_at - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._watched:
            self._watched.close()

    def _cut(self) -> None:
        self.passed = True
        # The other side may have closed it a moment earlier.
        with suppress(OSError):
            if self._watched:
                self._watched.shutdown(socket.SHUT_RDWR)


class JudgedAdapter(HTTPAdapter):
    """Connects to judged addresses alone, within `patience` seconds; `local` lets a call go to 127.0.0.1."""

    def __init__(self, *, local: bool, deadline: Deadline, patience: float) -> None:
        self._local, self._deadline, self._patience = local, deadline, patience
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        connect = self._connect

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self)

        class Secured(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecuredPool(HTTPSConnectionPool):
            ConnectionCls = Secured

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}

    def _connect(self, connection: HTTPConnection) -> socket.socket:
        try:
            found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NameResolutionError(connection.host, connection, error) from error  # type: ignore[arg-type]
        allowed = [each[4] for each in found if may_connect(str(each[4][0]), local=self._local)]
        if not allowed:
            raise AddressRefused(connection, "no public address")
        opened = _open(connection, allowed, self._patience)
        self._deadline.watch(opened)
        return opened


def _open(connection: HTTPConnection, addresses: list[Any], patience: float) -> socket.socket:
    """The first of the judged addresses that answers, all of them within the time to connect."""
    ends_at = time.monotonic() + patience
    failed: OSError = TimeoutError()
    for address in addresses:
        left = ends_at - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection(address[:2], timeout=left)
        except OSError as error:
            failed = error
    raise NewConnectionError(connection, str(failed)) from failed
