"""One libcurl handle, used again and again, and the request that it carries."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import certifi
import pycurl

from notifications.gateway.contract import MAX_ANSWER, Answer, Fault, Request
from notifications.gateway.faults import fault_of
from notifications.gateway.heads import final_head

USER_AGENT = "MessengerAdmin/0.1"
# Seconds. A peer that closes a connection just as a request is written to it leaves that message in doubt, so an idle
# connection is dropped before its peer may think of it: common servers keep one for five seconds or more.
KEPT_IDLE = 3

_OPTIONS: tuple[tuple[int, Any], ...] = (
    # HTTP/2 shares a connection among requests, and libcurl sends a refused stream's request again by itself.
    (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
    (pycurl.POST, 1),
    (pycurl.FOLLOWLOCATION, 0),
    (pycurl.PATH_AS_IS, 1),
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.NETRC, pycurl.NETRC_IGNORED),
    # No proxy, whatever the environment says: "not a byte left" must speak of the gateway itself, and proxies log URLs.
    (pycurl.NOPROXY, "*"),
    (pycurl.SSL_VERIFYPEER, 1),
    (pycurl.SSL_VERIFYHOST, 2),
    (pycurl.TCP_NODELAY, 1),
    (pycurl.TCP_KEEPALIVE, 1),
    (pycurl.MAXAGE_CONN, KEPT_IDLE),
    (pycurl.NOSIGNAL, 1),
    (pycurl.USERAGENT, USER_AGENT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which every transfer of a wire is made. Times are in seconds, the total one from name look-up to last byte.

    `ca_file` replaces the public certificate authorities. `may_leave` is asked right before a request's first byte.
    `may_connect` is asked for each address before a socket is opened to it, `peer_left` about the local port of a
    connection before a request is written to it.
    """

    connect_timeout: float
    total_timeout: float
    ca_file: str
    may_leave: Callable[[], bool]
    peer_left: Callable[[int], bool]
    may_connect: Callable[[str], bool] | None


class Transfer:
    """`load`, add `curl` to a multi handle, and when libcurl is done with it, `answer`."""

    def __init__(self, terms: Terms) -> None:
        self.key = 0
        self.stale = False  # nothing was written, because the kept connection was dead: to be loaded again
        self.curl: Any = pycurl.Curl()
        self._terms = terms
        self._body = b""
        self._started_at = 0.0
        self._handed_over, self._room = 0, MAX_ANSWER
        self._fresh = False
        self._lines: list[bytes] = []
        self._pieces: list[bytes] = []
        self._set_up()

    def _set_up(self) -> None:
        setopt, terms = self.curl.setopt, self._terms
        for option, value in _OPTIONS:
            setopt(option, value)
        setopt(pycurl.CONNECTTIMEOUT_MS, round(terms.connect_timeout * 1000))
        setopt(pycurl.TIMEOUT_MS, round(terms.total_timeout * 1000))
        setopt(pycurl.CAINFO, terms.ca_file or certifi.where())
        setopt(pycurl.PREREQFUNCTION, self._look)
        setopt(pycurl.READFUNCTION, self._hand_over)
        setopt(pycurl.HEADERFUNCTION, self._lines.append)
        setopt(pycurl.WRITEFUNCTION, self._keep)
        if terms.may_connect is not None:
            setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def load(self, key: int, request: Request) -> None:
        self.key = key
        self._body = request.body
        self._started_at = time.time()
        self.curl.setopt(pycurl.URL, request.url.encode())
        # Without the empty Expect, libcurl asks before it sends a large body, and waits a second for the answer.
        self.curl.setopt(pycurl.HTTPHEADER, ["Expect:", *request.headers])
        self.curl.setopt(pycurl.POSTFIELDSIZE_LARGE, len(request.body))
        self._rewind(fresh=False)

    def reload(self) -> None:
        """The same once more, on a connection of its own."""
        self._rewind(fresh=True)

    def _rewind(self, *, fresh: bool) -> None:
        self.stale = False
        self._handed_over, self._room = 0, MAX_ANSWER
        self._lines.clear()
        self._pieces.clear()
        if fresh != self._fresh:
            self._fresh = fresh
            self.curl.setopt(pycurl.FRESH_CONNECT, int(fresh))

    def answer(self, code: int, words: str) -> Answer:
        """`code` and `words` are libcurl's."""
        bytes_sent = self.curl.getinfo(pycurl.REQUEST_SIZE)
        headers = final_head(self._lines)
        truncated = self._room < 0
        fault = fault_of(code, bytes_sent=bytes_sent)
        if fault is None and headers is None:  # libcurl takes headers that stop in the middle for an answer
            fault = Fault.PARTIAL
        return Answer(
            status=self.curl.getinfo(pycurl.RESPONSE_CODE) if headers is not None else None,
            headers=headers or {},
            body=b"".join(self._pieces),
            truncated=truncated,
            # What stopped a truncated answer is this side.
            fault=None if truncated else fault,
            detail="" if truncated else words,
            bytes_sent=bytes_sent,
            started_at=self._started_at,
            seconds=self.curl.getinfo(pycurl.TOTAL_TIME),
        )

    def _look(self, _remote_ip: str, _local_ip: str, _remote_port: int, local_port: int) -> int:
        """Asked by libcurl once there is a connection, new or kept, and before anything is written to it."""
        self.stale = not self._fresh and self._terms.peer_left(local_port)
        return int(pycurl.PREREQFUNC_ABORT if self.stale else pycurl.PREREQFUNC_OK)

    def _hand_over(self, size: int) -> bytes | int:
        """Gives libcurl the body, once.

        When a kept connection dies without an answer, libcurl silently sends the request again on another; a body
        that comes from a callback and can't be rewound forbids it. libcurl asks for it before it writes the headers,
        so this is also the last moment at which a request can be called back.
        """
        done = self._handed_over
        if done >= len(self._body) or (not done and not self._terms.may_leave()):
            return int(pycurl.READFUNC_ABORT)
        piece = self._body[done : done + size]
        self._handed_over += len(piece)
        return piece

    def _keep(self, data: bytes) -> int | None:
        """Keeps MAX_ANSWER bytes of the body; refusing more (0) makes libcurl stop receiving."""
        self._pieces.append(data[: self._room])
        self._room -= len(data)
        return 0 if self._room < 0 else None

    def _open(self, _purpose: int, address: Any) -> socket.socket | int:
        if self._terms.may_connect is None or self._terms.may_connect(str(address.addr[0])):
            return socket.socket(address.family, address.socktype, address.protocol)
        return int(pycurl.SOCKET_BAD)
