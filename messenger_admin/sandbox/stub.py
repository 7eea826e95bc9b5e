"""A far end over real HTTP on this machine: it answers as the guide's endpoint does, or as it is told.

A message is on record before a byte of its answer is written, so whatever the sender believes, the record says
what arrived.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from messenger_admin.sandbox import behaviours, rules
from messenger_admin.sandbox.behaviours import Behaviour, Kind, Side
from messenger_admin.sandbox.connection import Connection
from messenger_admin.sandbox.desk import Desk
from messenger_admin.sandbox.endpoint import Target
from messenger_admin.sandbox.messenger.sender import Sender
from messenger_admin.sandbox.recorder import KEEP, Recorder
from messenger_admin.sandbox.store import connect

HOST = "127.0.0.1"


class Stub:
    """What all connections share: the record, and what the sandbox was told."""

    def __init__(self, store: Path, *, keep: int = KEEP) -> None:
        self._told = connect(store)
        self._recorder = Recorder(store, keep=keep)
        self._desk = Desk(store)
        self._sender = Sender(store)
        self._by_itself: list[asyncio.Task[None]] = []
        self._connections: set[Connection] = set()

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._by_itself = [loop.create_task(self._desk.keep_time()), loop.create_task(self._sender.run())]

    def connection(self) -> Connection:
        return Connection(
            recorder=self._recorder,
            behave=self.behaviour,
            elsewhere=self._desk.ask,
            open_connections=self._connections,
        )

    def behaviour(self, target: Target) -> Behaviour | None:
        """What applies to this request, counted down. Read anew each time, so that a telling holds at once."""
        told = rules.load(self._told, Side.IADVIZE)
        while told:
            chosen = behaviours.choose(told, page_id=target.page_id, customer_id=target.customer_id, token=target.token)
            if chosen is None or self._take(chosen, target):
                return chosen
            told.remove(chosen)
        return None

    def _take(self, chosen: Behaviour, target: Target) -> bool:
        if chosen.kind == Kind.EXPIRE_TOKEN and not chosen.token_sha256:
            rules.bind(self._told, chosen, behaviours.digest(target.token))
        return chosen.remaining is None or rules.use_up(self._told, chosen)

    async def close(self) -> None:
        for task in self._by_itself:
            task.cancel()
        for connection in tuple(self._connections):
            connection.abort()
        await self._recorder.close()
        await self._desk.close()
        await self._sender.close()
        self._told.close()


async def serve(*, port: int, store: Path, stop: asyncio.Event, ready: Callable[[int], None], keep: int = KEEP) -> None:
    """Serves on loopback until `stop` is set; `ready` hears the port, a free one where 0 was asked for.

    Raises OSError when the port is taken.
    """
    stub = Stub(store, keep=keep)
    try:
        server = await asyncio.get_running_loop().create_server(stub.connection, HOST, port, backlog=512)
        stub.start()
        ready(server.sockets[0].getsockname()[1])
        await stop.wait()
        server.close()
    finally:
        await stub.close()
