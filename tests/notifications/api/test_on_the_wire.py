"""Bodies as they come over a socket, to the web server that serves the product: in chunks, too short, too long."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from messenger_admin.proof import servers
from tests.support.http import Answer, read_answer
from tests.support.processes import ROOT, environment, free_port, running, wait_for

PAGE, BODY = "322837607840703", b'{"text":"Hello"}'
CHUNKED = ("Transfer-Encoding: chunked",)
SEED = f"""
from tests.factories import LinkedPageFactory, OptInFactory
OptInFactory(page=LinkedPageFactory(page_id="{PAGE}"), customer_id="a")
"""


@dataclass(frozen=True)
class Server:
    port: int
    token: str

    def answer(self, body: bytes, *headers: str, hangs_up: bool = False) -> Answer:
        """To a request with these headers beside the usual ones; who hangs up will send no more than `body`."""
        head = (
            f"POST /social/facebook/messenger/pages/{PAGE}/customers/a/messages HTTP/1.1",
            *("Host: 127.0.0.1", f"X-API-Key: {self.token}", "Content-Type: application/json"),
            *(*headers, "", ""),
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall("\r\n".join(head).encode() + body)
            if hangs_up:
                connection.shutdown(socket.SHUT_WR)
            return read_answer(connection)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port, folder = free_port(), tmp_path_factory.mktemp("wire")
    env = environment(DATA_DIR=str(folder), PORT=str(port), LOG_LEVEL="ERROR")
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "shell", "--command", SEED)
    token = manage(env, "create_api_token", "Shop", "--page", PAGE).splitlines()[-1]
    web = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port))
    with running(*web, "--log-level", "error", "--no-ws", "messenger_admin.wsgi:application", env=env):
        wait_for(lambda: servers.listens(port), "the web server", seconds=180)
        yield Server(port=port, token=token)


def manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(Path(ROOT) / "manage.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


def test_a_body_of_its_length(server: Server) -> None:
    assert server.answer(BODY, f"Content-Length: {len(BODY)}").status == 202


def test_a_body_in_chunks(server: Server) -> None:
    answer = server.answer(b"8\r\n%b\r\n8\r\n%b\r\n0\r\n\r\n" % (BODY[:8], BODY[8:]), *CHUNKED)

    assert answer.status == 202, answer.body


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", (), 400),
        (BODY, ("Content-Length: 5",), 400),
        (BODY, ("Content-Length: 500",), 400),
        (b"5\r\n%b" % BODY[:5], CHUNKED, 400),
        (b"", ("Content-Length: 99999999999",), 413),
        (b"ffffff\r\n%b" % (b" " * 2_000_000), CHUNKED, 413),
    ],
    ids=["none", "short", "long", "broken chunk", "huge", "huge in chunks"],
)
def test_a_body_that_is_not_what_was_promised(
    server: Server, body: bytes, headers: tuple[str, ...], status: int
) -> None:
    # Who promised more and waits for an answer would wait for good.
    answer = server.answer(body, *headers, hangs_up=headers in {("Content-Length: 500",), CHUNKED} and status == 400)

    assert answer.status == status, answer.body
    assert json.loads(answer.body)["meta"]["status"] == "fail"


def test_head_leaves_the_connection_as_it_was(server: Server) -> None:
    headers, path = {"X-API-Key": server.token}, f"/social/facebook/messenger/pages/{PAGE}/customers/a/messages"
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        told = []
        for method in ("HEAD", "GET"):
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            told.append((answer.status, answer.headers["Content-Length"], len(answer.read())))

    (head, length, none), (get, same, all_of_it) = told
    assert (head, none) == (get, 0) == (200, 0)
    assert length == same == str(all_of_it)
