"""The far end of both gateways on one port of this machine: what arrived there, in its order, is the truth."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.support import graph
from tests.support.far_end import FarEnd, Visit, http

JSON = "Content-Type: application/json"


class Manner(StrEnum):
    """How it answers."""

    TAKES = "takes"
    REFUSES = "refuses"  # this message, for good
    BUSY = "busy"
    DENIES = "denies"  # the page's token
    BREAKS = "breaks"  # a 500 after it was read
    HANGS_UP = "hangs up"  # no answer at all


# What may have reached the person.
LEAVES = frozenset({Manner.TAKES, Manner.BREAKS, Manner.HANGS_UP})


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """`whom` is the customer_id through iAdvize, and Facebook's id of the person through Facebook."""

    page_id: str
    whom: str
    delivery: int
    part: int
    message: dict[str, Any]
    metadata: str = ""
    left: bool

    @property
    def taps(self) -> list[tuple[str, str]]:
        return [(each["title"], each["payload"]) for each in self.message.get("quick_replies", [])]

    @property
    def text(self) -> str:
        return str(self.message.get("text", ""))


@dataclass
class Far:
    url: str = ""
    manner: Manner = Manner.TAKES
    arrivals: list[Arrival] = field(default_factory=list)

    def act(self, visit: Visit) -> bool:
        request, manner = visit.read(), self.manner
        self.arrivals.append(_read(request, left=manner in LEAVES))
        if manner is Manner.HANGS_UP:
            return False
        is_graph = b"/social/" not in request.split(b"\r\n", 1)[0]
        visit.send(_graph(manner, self.arrivals[-1], len(self.arrivals)) if is_graph else _iadvize(manner))
        return True


def _read(request: bytes, *, left: bool) -> Arrival:
    head, _blank, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    path = urlsplit(lines[0].split(" ")[1]).path.split("/")
    said = json.loads(body)
    if "social" in path:
        named = next(line for line in lines if line.lower().startswith("x-request-id:"))
        page_id, whom, message, metadata = path[5], unquote(path[7]), said, f"{named.rpartition('-')[2]}:0"
    else:
        message = dict(said["message"])
        page_id, whom, metadata = path[2], said["recipient"]["id"], message.pop("metadata")
    number, part = metadata.split(":")[-2:]
    return Arrival(
        page_id=page_id,
        whom=whom,
        delivery=int(number),
        part=int(part),
        message=message,
        metadata=metadata,
        left=left,
    )


def _graph(manner: Manner, arrival: Arrival, number: int) -> bytes:
    match manner:
        case Manner.REFUSES:
            return graph.error(100)
        case Manner.BUSY:
            return graph.error(613)
        case Manner.DENIES:
            return graph.error(190, status=401)
        case Manner.BREAKS:
            return http(500)
    said = {"recipient_id": arrival.whom, "message_id": f"m_sent_{number}"}
    return http(200, json.dumps(said).encode(), JSON)


def _iadvize(manner: Manner) -> bytes:
    statuses = {Manner.REFUSES: 400, Manner.BUSY: 429, Manner.DENIES: 401, Manner.BREAKS: 500}
    if manner in statuses:
        return http(statuses[manner], b"{}", JSON)
    return http(200, b'{"meta":{"status":"success"},"data":{"id":"m_1"}}', JSON)


@contextmanager
def far() -> Iterator[Far]:
    played = Far()
    with FarEnd(played.act) as end:
        played.url = end.url
        yield played
