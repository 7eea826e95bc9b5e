"""Facebook's Send API, as far as a test of the engine needs it: real HTTP, and it answers as it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.far_end import Act, FarEnd, Visit, http


@dataclass(frozen=True)
class Call:
    """One request as it came. `message` is without its metadata."""

    page_id: str
    version: str
    token: str
    proof: str
    psid: str
    messaging_type: str
    tag: str
    message: dict[str, Any]
    metadata: str
    at: float

    @property
    def part(self) -> int:
        return int(self.metadata.rsplit(":", 1)[1])

    @property
    def text(self) -> str:
        return str(self.message.get("text", ""))


Verdict = Callable[[Call], bytes | Act | None]


def error(code: int, subcode: int | None = None, *, status: int = 400, said: str = "(#0) No.") -> bytes:
    told = {"message": said, "type": "OAuthException", "code": code, "fbtrace_id": "Atrace"}
    if subcode is not None:
        told["error_subcode"] = subcode
    return http(status, json.dumps({"error": told}).encode(), "Content-Type: application/json")


@dataclass
class Graph:
    """`calls` as they came. `told` answers a call, or leaves it (None) to the usual acceptance."""

    url: str = ""
    told: Verdict = lambda _call: None
    headers: tuple[str, ...] = ()
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def got(self, psid: str) -> list[dict[str, Any]]:
        return [call.message for call in self.calls if call.psid == psid]

    def act(self, visit: Visit) -> bool:
        call = _read(visit.read())
        with self.lock:
            self.calls.append(call)
            number = len(self.calls)
        told = self.told(call)
        if callable(told):
            return told(visit)
        visit.send(told or self.accepted(call, number))
        return True

    def accepted(self, call: Call, number: int = 1) -> bytes:
        said = {"recipient_id": call.psid, "message_id": f"m_{number}"}
        return http(200, json.dumps(said).encode(), "Content-Type: application/json", *self.headers)


def _read(request: bytes) -> Call:
    head, _blank, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    url = urlsplit(lines[0].split(" ")[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    _, version, page_id, _messages = url.path.split("/")
    said = json.loads(body)
    message = dict(said["message"])
    return Call(
        page_id=page_id,
        version=version,
        token=headers.get("authorization", "").removeprefix("Bearer "),
        proof=parse_qs(url.query).get("appsecret_proof", [""])[0],
        psid=said["recipient"]["id"],
        messaging_type=said["messaging_type"],
        tag=said.get("tag", ""),
        metadata=message.pop("metadata", ""),
        message=message,
        at=time.monotonic(),
    )


@contextmanager
def graph(told: Verdict | None = None) -> Iterator[Graph]:
    played = Graph()
    if told:
        played.told = told
    with FarEnd(played.act) as end:
        played.url = end.url
        yield played


def refusing_once(answer: bytes, *, when: Callable[[Call], bool] = lambda _call: True) -> Verdict:
    """This answer to the first call that fits, and the usual one afterwards."""
    left = [answer]

    def told(call: Call) -> bytes | None:
        return left.pop() if left and when(call) else None

    return told


# -- acts, once the call was read ----------------------------------------------------------------------------------


def hang_up(_visit: Visit) -> bool:
    return False


def reset(visit: Visit) -> bool:
    visit.reset()
    return False


def silence(visit: Visit) -> bool:
    visit.hold()
    return False


def bytes_then_hang_up(raw: bytes) -> Act:
    def act(visit: Visit) -> bool:
        visit.send(raw)
        return False

    return act
