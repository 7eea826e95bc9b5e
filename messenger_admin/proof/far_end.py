"""The sandbox's far end as a process of its own: what it is told, and what it wrote down."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from messenger_admin.proof import waiting
from messenger_admin.proof.judge import Arrival
from messenger_admin.proof.processes import Process, python
from messenger_admin.proof.schedule import Telling
from messenger_admin.sandbox import messages, rules
from messenger_admin.sandbox.behaviours import Behaviour, Kind
from messenger_admin.sandbox.messages import Query
from messenger_admin.sandbox.store import opened

KEEP = 1_000_000
# What each telling does to the next requests; `remaining` is how many they are.
TELLINGS: Mapping[Telling, Behaviour] = {
    Telling.REFUSE: Behaviour(kind=Kind.ANSWER, status=400, delivers=False, remaining=10),
    Telling.THROTTLE: Behaviour(kind=Kind.ANSWER, status=429, retry_after="1", delivers=False, remaining=10),
    Telling.HANG: Behaviour(kind=Kind.HANG, seconds=20, remaining=5),
    Telling.RESET: Behaviour(kind=Kind.RESET, remaining=10),
    Telling.RESET_UNREAD: Behaviour(kind=Kind.RESET_UNREAD, remaining=10),
    Telling.HALF: Behaviour(kind=Kind.HALF, remaining=10),
    Telling.DROP: Behaviour(kind=Kind.DROP, remaining=10),
    Telling.BREAK: Behaviour(kind=Kind.ANSWER, status=500, delivers=True, remaining=10),
}
_REQUEST_ID = re.compile(r"delivery-(\d+)")


@dataclass(frozen=True, slots=True)
class FarEnd:
    port: int
    store: Path
    process: Process

    def slow_down(self, seconds: float) -> None:
        """Every answer takes so long, until something else is told."""
        self._tell(Behaviour(kind=Kind.SLOW, seconds=seconds))

    def tell(self, telling: Telling) -> int:
        """Returns how many deliveries may be in doubt after it without a trace in the record."""
        told = TELLINGS[telling]
        self._tell(told)
        return told.remaining or 0 if telling is Telling.RESET_UNREAD else 0

    def _tell(self, behaviour: Behaviour) -> None:
        with opened(self.store) as store:
            rules.add(store, behaviour)

    def arrivals(self) -> list[Arrival]:
        with opened(self.store) as store:
            stored = messages.oldest(store, Query(), KEEP)
        return [
            Arrival(
                delivery_id=int(found[1]) if (found := _REQUEST_ID.fullmatch(one.request_id)) else 0,
                page_id=one.page_id,
                customer_id=one.customer_id,
                at=one.received_at,
                delivered=one.delivered,
                behaviour=one.behaviour,
            )
            for one in stored
        ]


@contextmanager
def far_end(*, store: Path, log: Path, env: Mapping[str, str]) -> Iterator[FarEnd]:
    options = ("--port", "0", "--store", str(store), "--keep", str(KEEP))
    with python("manage.py", "sandbox", *options, log=log, env=env) as process:
        waiting.until(lambda: "\n" in process.said or process.code is not None, f"the far end ({log})", seconds=60)
        port = re.search(r"http://[^:]+:(\d+)\n", process.said)
        if port is None:
            raise waiting.TookTooLong(process.said)
        yield FarEnd(int(port[1]), store, process)
