"""One connection to the stub: requests are parsed as they come and answered in their order."""

import asyncio
import os
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl

import httptools

from messenger_admin.sandbox.behaviours import Behaviour, Kind
from messenger_admin.sandbox.desk import Asked, Then
from messenger_admin.sandbox.endpoint import Target, target
from messenger_admin.sandbox.exchange import Ending, Plan, plan, turned_away
from messenger_admin.sandbox.messages import Received
from messenger_admin.sandbox.recorder import Recorder

MAX_BODY = 1_048_576
MAX_HEAD = 65_536
# Requests of one connection that may wait for their answers before it is no longer read from.
MAX_PIPELINED = 64
_NO_LINGER = struct.pack("ii", 1, 0)


class Exchange:
    """A request whose answer is on its way; `plan` is set when it may be written."""

    __slots__ = ("keep", "message_id", "plan")

    def __init__(self, *, keep: bool) -> None:
        self.keep = keep
        self.message_id = os.urandom(12).hex()
        self.plan: Plan | None = None


class Connection(asyncio.Protocol):
    """`behave` says what the sandbox was told to do with a message; `elsewhere` answers what is not the guide's.

    `open_connections` is kept for the server.
    Methods named `on_` are the parser's callbacks.
    """

    def __init__(
        self,
        *,
        recorder: Recorder,
        behave: Callable[[Target], Behaviour | None],
        elsewhere: Callable[[Asked, Then], None],
        open_connections: "set[Connection]",
    ) -> None:
        self._recorder = recorder
        self._behave = behave
        self._elsewhere = elsewhere
        self._open_connections = open_connections
        self._parser = httptools.HttpRequestParser(self)
        self._exchanges: deque[Exchange] = deque()
        self._transport: asyncio.Transport
        self._over = False  # nothing more is written
        self._deaf = False  # nothing more is read: what came can't be understood
        self.on_message_begin()

    # --- the transport ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (a TCP server's always is)
        self._transport = transport
        self._open_connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._over = True
        self._open_connections.discard(self)

    def data_received(self, data: bytes) -> None:
        if self._deaf or self._over:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._turn_away(400, "This is no HTTP request that the sandbox understands.")
        if len(self._exchanges) >= MAX_PIPELINED and not self._over:
            self._transport.pause_reading()

    def abort(self) -> None:
        self._over = True
        self._transport.abort()

    # --- the parser ---

    def on_message_begin(self) -> None:
        self._url = b""
        self._body = b""
        self._head_size = 0
        self._request_id = ""
        self._headers: list[tuple[bytes, bytes]] = []
        self._target: Target | None = None
        self._behaviour: Behaviour | None = None

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._weigh_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._weigh_head(len(name) + len(value))
        self._headers.append((name, value))
        if name.lower() == b"x-request-id":
            self._request_id = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._target = target(self._url)
        if self._over or self._target is None or not self._target.token or self._parser.get_method() != b"POST":
            return
        self._behaviour = self._behave(self._target)
        if self._behaviour and self._behaviour.kind == Kind.RESET_UNREAD:
            self._reset()

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > MAX_BODY:
            self._turn_away(413, f"A body may have {MAX_BODY} bytes.")

    def on_message_complete(self) -> None:
        if self._over or self._deaf:
            return
        exchange = Exchange(keep=self._parser.should_keep_alive())
        self._exchanges.append(exchange)
        if self._target is None:
            self._elsewhere(self._asked(), lambda planned: self._delayed(exchange, planned))
        elif self._parser.get_method() != b"POST":
            self._ready(exchange, turned_away(405, "Send messages with POST.", {"Allow": "POST"}))
        else:
            self._receive(exchange, self._target)

    def _weigh_head(self, size: int) -> None:
        self._head_size += size
        if self._head_size > MAX_HEAD:
            self._turn_away(431, f"URL and headers may have {MAX_HEAD} bytes.")

    # --- what becomes of a request ---

    def _turn_away(self, status: int, message: str) -> None:
        """Answers what can't be read any further, after the answers before it, and closes."""
        if not self._deaf:
            self._deaf = True
            self._exchanges.append(Exchange(keep=False))
            self._ready(self._exchanges[-1], turned_away(status, message, {"Connection": "close"}))

    def _receive(self, exchange: Exchange, aim: Target) -> None:
        planned = plan(target=aim, body=self._body, message_id=exchange.message_id, behaviour=self._behaviour)
        received = Received(
            message_id=exchange.message_id,
            page_id=aim.page_id,
            customer_id=aim.customer_id,
            body=self._body,
            received_at=time.time(),
            # A delayed answer is written down when it is given: its sender may have hung up by then.
            status=None if planned.wait else planned.status,
            delivered=planned.delivered,
            behaviour=self._behaviour.label if self._behaviour else "",
            request_id=self._request_id,
        )
        self._recorder.record(received, lambda recorded: self._recorded(exchange, planned, recorded))

    def _asked(self) -> Asked:
        path, _, query = self._url.decode("latin-1").partition("?")
        return Asked(
            method=self._parser.get_method().decode("ascii"),
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._headers},
            body=self._body,
        )

    def _recorded(self, exchange: Exchange, planned: Plan, recorded: bool) -> None:  # noqa: FBT001  (a callback)
        if not recorded:
            self._ready(exchange, turned_away(500, "The sandbox could not write the message down."))
        else:
            self._delayed(exchange, planned)

    def _delayed(self, exchange: Exchange, planned: Plan) -> None:
        if planned.wait:
            asyncio.get_running_loop().call_later(planned.wait, self._ready, exchange, planned)
        else:
            self._ready(exchange, planned)

    def _ready(self, exchange: Exchange, planned: Plan) -> None:
        exchange.plan = planned
        while self._exchanges and (due := self._exchanges[0].plan):
            self._perform(self._exchanges.popleft(), due)
        if not self._over and len(self._exchanges) < MAX_PIPELINED:
            self._transport.resume_reading()

    def _perform(self, exchange: Exchange, due: Plan) -> None:
        gone = self._over or self._transport.is_closing()
        if due.record and due.status is not None:
            self._settle(exchange, due, gone=gone)
        if gone:
            return
        if due.data:
            self._transport.write(due.data)
        if due.ending is Ending.RESET:
            self._reset()
        elif due.ending is Ending.CLOSE or not exchange.keep:
            self._over = True
            self._transport.close()

    def _settle(self, exchange: Exchange, due: Plan, *, gone: bool) -> None:
        """Corrects the record where it says otherwise than what happened now."""
        on_record = None if due.wait else due.status
        happened = None if gone else due.status
        if on_record != happened:
            self._recorder.settle(due.message_id or exchange.message_id, happened)

    def _reset(self) -> None:
        """Closes so that the peer gets a reset (RST) and not an end (FIN)."""
        handle: socket.socket = self._transport.get_extra_info("socket")
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.abort()
