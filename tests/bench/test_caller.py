"""The merchant's system of the benchmark: what it sends, over how many connections, and what it counts as accepted."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bench.caller import calls_of, make

VALUES: dict[str, Any] = {
    "page_id": "1",
    "tokens": ["first", "second"],
    "body": '{"text": "Hello CUSTOMER"}',
    "count": 3,
    "in_batches_of": 1,
}


class Shop(BaseHTTPRequestHandler):
    """Takes what the first token brings; in a batch, all but one."""

    protocol_version = "HTTP/1.1"
    ports: set[int]

    def do_POST(self) -> None:
        self.ports.add(self.client_address[1])
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        accepted = 202 if self.headers["Authorization"] == "Bearer first" else 429
        answer = json.dumps({"accepted": len(sent.get("messages", "?")) - 1}).encode()
        self.send_response(200 if "messages" in sent else accepted)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Shop.ports = set()
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        server.daemon_threads, server.block_on_close = True, False
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_each_call_is_for_a_customer_and_the_tokens_take_turns() -> None:
    calls = calls_of({**VALUES, "url": ""})

    assert [call.url.split("/")[-2] for call in calls] == ["customer-1", "customer-2", "customer-3"]
    assert [call.token for call in calls] == ["first", "second", "first"]
    assert [json.loads(call.body)["text"] for call in calls][:2] == ["Hello customer-1", "Hello customer-2"]


def test_batches_hold_the_same_messages() -> None:
    calls = calls_of({**VALUES, "url": "", "in_batches_of": 2})

    assert [call.url for call in calls] == ["/v1/batches"] * 2
    assert [len(json.loads(call.body)["messages"]) for call in calls] == [2, 1]
    assert json.loads(calls[1].body)["messages"] == [
        {"page_id": "1", "customer_id": "customer-3", "text": "Hello customer-3"}
    ]


@pytest.mark.parametrize(("size", "accepted"), [(1, [1, 0, 1]), (2, [1, 0])])
def test_only_what_was_accepted_counts(url: str, size: int, accepted: list[int]) -> None:
    calls = calls_of({**VALUES, "url": url, "in_batches_of": size})

    make(calls, connections=2)

    assert [call.accepted() for call in calls] == accepted


def test_connections_are_kept(url: str) -> None:
    make(calls_of({**VALUES, "url": url, "count": 40}), connections=4)

    assert len(Shop.ports) <= 4


def test_a_call_that_reached_nobody_was_not_accepted() -> None:
    calls = calls_of({**VALUES, "url": "http://127.0.0.1:1"})

    make(calls, connections=2)

    assert sum(call.accepted() for call in calls) == 0
