"""The merchant's system: sends messages over connections that it keeps, and measures how long that takes.

`python -m bench.caller '{"url": ..., "page_id": ..., "tokens": [...], "body": ..., "count": ..., "connections": ...,
"in_batches_of": ...}'` prints `{"seconds": ..., "cpu": ..., "accepted": ...}`, the last of which counts messages. The
tokens are used in turn, and `CUSTOMER` in the body stands for the customer_id. Nothing is put together and no answer is
looked into while the clock runs.
"""

import json
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pycurl


@dataclass(slots=True, kw_only=True)
class Call:
    url: str
    token: str
    body: bytes
    status: int = 0
    answer: BytesIO = field(default_factory=BytesIO)

    def accepted(self) -> int:
        """How many messages were."""
        if self.status == 200 and self.url.endswith("/batches"):
            return int(json.loads(self.answer.getvalue())["accepted"])
        return int(self.status in {200, 202})

    def put_on(self, curl: pycurl.Curl) -> None:
        curl.setopt(pycurl.URL, self.url)
        curl.setopt(
            pycurl.HTTPHEADER, ["Content-Type: application/json", f"Authorization: Bearer {self.token}", "Expect:"]
        )
        curl.setopt(pycurl.POSTFIELDS, self.body)
        curl.setopt(pycurl.WRITEDATA, self.answer)


def calls_of(values: Mapping[str, Any]) -> list[Call]:
    """To `customer-1` ... `customer-count`, one by one, or so many in each batch."""
    customers = [f"customer-{number}" for number in range(1, values["count"] + 1)]
    bodies = {customer: values["body"].replace("CUSTOMER", customer) for customer in customers}
    page_id, tokens, size = values["page_id"], values["tokens"], values["in_batches_of"]
    if size == 1:
        stem = f"{values['url']}/social/facebook/messenger/pages/{page_id}/customers"
        aims = [(f"{stem}/{customer}/messages", body) for customer, body in bodies.items()]
    else:
        entries = [{"page_id": page_id, "customer_id": one, **json.loads(body)} for one, body in bodies.items()]
        batches = [{"messages": entries[at : at + size]} for at in range(0, len(entries), size)]
        aims = [(f"{values['url']}/v1/batches", json.dumps(batch)) for batch in batches]
    return [Call(url=url, token=tokens[at % len(tokens)], body=body.encode()) for at, (url, body) in enumerate(aims)]


def connection() -> pycurl.Curl:
    curl = pycurl.Curl()
    curl.setopt(pycurl.POST, 1)
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    curl.setopt(pycurl.TCP_NODELAY, 1)
    curl.setopt(pycurl.NOSIGNAL, 1)
    return curl


def make(calls: Sequence[Call], *, connections: int) -> None:
    """All of them, so many at once."""
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAXCONNECTS, connections)
    free = [connection() for _ in range(connections)]
    flying: dict[pycurl.Curl, Call] = {}
    waiting = list(reversed(calls))
    while waiting or flying:
        while free and waiting:
            curl = free.pop()
            flying[curl] = waiting.pop()
            flying[curl].put_on(curl)
            multi.add_handle(curl)
        multi.perform()
        if not (ended := _ended(multi)):
            multi.select(1.0)
        for curl in ended:
            flying.pop(curl).status = curl.getinfo(pycurl.RESPONSE_CODE)
            multi.remove_handle(curl)
            free.append(curl)


def _ended(multi: pycurl.CurlMulti) -> list[pycurl.Curl]:
    found: list[pycurl.Curl] = []
    left = 1
    while left:
        left, whole, broken = multi.info_read()
        found += [*whole, *(one[0] for one in broken)]
    return found


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    values = json.loads(sys.argv[1])
    calls = calls_of(values)
    began, used = time.perf_counter(), cpu_seconds()
    make(calls, connections=values["connections"])
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - used
    print(json.dumps({"seconds": seconds, "cpu": cpu, "accepted": sum(call.accepted() for call in calls)}))


if __name__ == "__main__":
    main()
