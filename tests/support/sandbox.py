"""The sandbox's far end in a thread of the test, and a bare socket to speak to it."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from messenger_admin.sandbox import messages, rules
from messenger_admin.sandbox.behaviours import Behaviour, Kind
from messenger_admin.sandbox.messages import Query, Stored
from messenger_admin.sandbox.recorder import KEEP
from messenger_admin.sandbox.store import opened
from messenger_admin.sandbox.stub import HOST, serve
from tests.support.http import Answer, read_answer

PAGE = "322837607840703"


@dataclass(frozen=True)
class FarEnd:
    port: int
    store: Path

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def tell(self, kind: Kind, **options: Any) -> Behaviour:
        with opened(self.store) as store:
            return rules.add(store, Behaviour(kind=kind, **options))

    def told(self) -> list[Behaviour]:
        with opened(self.store) as store:
            return rules.load(store)

    def received(self, **query: Any) -> list[Stored]:
        with opened(self.store) as store:
            return messages.oldest(store, Query(**query), 1_000_000)

    def connect(self) -> socket.socket:
        return socket.create_connection((HOST, self.port), timeout=30)

    def post(self, customer_id: str = "FR-1", body: bytes = b'{"text":"hello"}', **options: str) -> Answer:
        """One request on a connection of its own; `path_id` is the customer_id as it stands in the path."""
        with self.connect() as connection:
            connection.sendall(request(customer_id, body, **options))
            return read_answer(connection)


def request(customer_id: str, body: bytes, *, page_id: str = PAGE, token: str = "demo", headers: str = "") -> bytes:
    path = f"/social/facebook/messenger/pages/{page_id}/customers/{customer_id}/messages?access_token={token}"
    head = f"POST {path} HTTP/1.1\r\nHost: sandbox\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


@contextmanager
def far_end(store: Path, *, keep: int = KEEP) -> Iterator[FarEnd]:
    ports: SimpleQueue[int] = SimpleQueue()
    stopping: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = SimpleQueue()

    async def run() -> None:
        stop = asyncio.Event()
        stopping.put((asyncio.get_running_loop(), stop))
        await serve(port=0, store=store, stop=stop, ready=ports.put, keep=keep)

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="far end", daemon=True)
    thread.start()
    loop, stop = stopping.get(timeout=30)
    try:
        yield FarEnd(port=ports.get(timeout=30), store=store)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=30)


def decoded(answer: Answer) -> Any:
    return json.loads(answer.body)
