"""A far end that does what a test tells it to, over real sockets on this machine.

Each request that arrives is met by the next act of the script; the last act is repeated. An act gets the `Visit`
and returns whether the connection stays open.
"""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from types import TracebackType
from typing import Self

WAIT = 10.0


class Visit:
    """One request on one connection."""

    def __init__(self, connection: socket.socket, far_end: "FarEnd", begun: bytes) -> None:
        self._begun = begun
        self._connection = connection
        self._far_end = far_end

    def read(self) -> bytes:
        """The whole request; it is noted down byte for byte."""
        request, self._begun = self._begun, b""
        while not _is_whole(request):
            piece = self._connection.recv(65536)
            if not piece:
                break
            request += piece
        self._far_end.requests.append(request)
        self._far_end.times.append(time.monotonic())
        return request

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def reset(self) -> None:
        """Closes with RST: whatever is unread or unsent is lost."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()

    def hold(self) -> None:
        """Says nothing until the far end is closed."""
        self._far_end.closing.wait(WAIT)


Act = Callable[[Visit], bool]


def _is_whole(request: bytes) -> bool:
    head, blank, body = request.partition(b"\r\n\r\n")
    if not blank:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return True


class FarEnd:
    """`requests` as they came, `times` (monotonic) of their ends, how many `connections` were opened and `closed`."""

    def __init__(self, *script: Act, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.times: list[float] = []
        self.connections = self.closed = 0
        self.closing = threading.Event()
        self._script = list(script)
        self._lock = threading.Lock()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}" if self._tls else f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        _close(self._listener)
        for connection in self._open:
            _close(connection)
        for thread in self._threads:
            thread.join(WAIT)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):  # the other side left, which is its right
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            while (begun := _arrived(connection)) is not None:
                if not self._next_act()(Visit(connection, self, begun)):
                    break
            _close(connection)
            self.closed += 1

    def _next_act(self) -> Act:
        with self._lock:
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


def _arrived(connection: socket.socket) -> bytes | None:
    """Waits for a request; None when the other side closed. Over TLS this takes its first byte, otherwise nothing."""
    if isinstance(connection, ssl.SSLSocket):
        return connection.recv(1) or None
    return b"" if connection.recv(1, socket.MSG_PEEK) else None


def _close(connection: socket.socket) -> None:
    with suppress(OSError):  # not connected any more
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


# -- acts --------------------------------------------------------------------------------------------------------


def http(status: int, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer with its length."""
    known = {s.value: s.phrase for s in HTTPStatus}
    lines = [f"HTTP/1.1 {status} {known.get(status, 'Whatever')}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def answer(raw: bytes) -> Act:
    """Reads the request, sends these bytes, and keeps the connection."""

    def act(visit: Visit) -> bool:
        visit.read()
        visit.send(raw)
        return True

    return act


def last_words(raw: bytes) -> Act:
    """Reads the request, sends these bytes, and closes."""

    def act(visit: Visit) -> bool:
        visit.read()
        visit.send(raw)
        return False

    return act


def outburst(raw: bytes) -> Act:
    """Sends these bytes without reading anything, and closes."""

    def act(visit: Visit) -> bool:
        visit.send(raw)
        return False

    return act


def drip(raw: bytes, *, pause: float) -> Act:
    """Sends one byte at a time."""

    def act(visit: Visit) -> bool:
        visit.read()
        for byte in raw:
            visit.send(bytes([byte]))
            time.sleep(pause)
        return True

    return act


def later(raw: bytes, *, pause: float) -> Act:
    def act(visit: Visit) -> bool:
        visit.read()
        time.sleep(pause)
        visit.send(raw)
        return True

    return act


def held_until(event: threading.Event) -> Act:
    """Takes each request, and answers once the event is set; a minute is too long for any test."""

    def act(visit: Visit) -> bool:
        visit.read()
        event.wait(60)
        visit.send(http(204))
        return True

    return act


def close_after_reading(visit: Visit) -> bool:
    visit.read()
    return False


def reset_unread(visit: Visit) -> bool:
    visit.reset()
    return False


def reset_after_reading(visit: Visit) -> bool:
    visit.read()
    visit.reset()
    return False


def silence(visit: Visit) -> bool:
    visit.read()
    visit.hold()
    return False


OK = answer(http(200, b'{"meta":{"status":"success"},"data":{"id":"m_1"}}', "Content-Type: application/json"))


@contextmanager
def nobody() -> Iterator[str]:
    """The URL of a port at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def full_backlog() -> Iterator[str]:
    """The URL of a port that takes no connection and refuses none: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(8)]
        for queued in waiting:
            queued.setblocking(False)
            queued.connect_ex(address)
        try:
            yield f"http://127.0.0.1:{address[1]}"
        finally:
            for queued in waiting:
                queued.close()
