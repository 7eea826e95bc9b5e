"""Posts as they come over a socket, to the web server that serves the product: in chunks, cut off, too long."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from messenger_admin.proof import servers
from tests.support.facebook import URL, body_of, entry, message, signature
from tests.support.http import Answer, read_answer
from tests.support.processes import ROOT, environment, free_port, running, wait_for

SECRET = "the app's secret"
BODY = body_of(entry("322837607840703", message("322837607840703", "7", "déjà")))
CHUNKED = "Transfer-Encoding: chunked"
MOST = 4_000_000
# Over a megabyte, and nothing is wrong with it.
LONG = body_of(
    entry("322837607840703", *(message("322837607840703", str(number), "é" * 500) for number in range(1_000)))
)


@dataclass(frozen=True)
class Server:
    port: int

    def answer(self, body: bytes, *headers: str, signed: bytes = BODY, hangs_up: bool = False) -> Answer:
        """To a post of `body` with the signature of `signed`; who hangs up will send no more."""
        head = (
            f"POST {URL} HTTP/1.1",
            *("Host: 127.0.0.1", "Content-Type: application/json"),
            f"X-Hub-Signature-256: {signature(signed, secret=SECRET)}",
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
    app = {"FACEBOOK_APP_ID": "1", "FACEBOOK_APP_SECRET": SECRET, "WEBHOOK_MAX_BYTES": str(MOST)}
    env = environment(DATA_DIR=str(folder), PORT=str(port), LOG_LEVEL="ERROR", **app)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True, capture_output=True)
    web = ("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port))
    with running(*web, "--log-level", "error", "--no-ws", "messenger_admin.wsgi:application", env=env):
        wait_for(lambda: servers.listens(port), "the web server", seconds=180)
        yield Server(port=port)


def test_a_body_of_its_length(server: Server) -> None:
    answer = server.answer(BODY, f"Content-Length: {len(BODY)}")

    assert (answer.status, answer.body) == (200, b"EVENT_RECEIVED")


def test_a_body_in_chunks(server: Server) -> None:
    half = len(BODY) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY[:half], BODY[half:], b""))

    assert server.answer(chunks, CHUNKED).status == 200


def test_a_long_body_of_its_length(server: Server) -> None:
    assert 1_000_000 < len(LONG) < MOST
    assert server.answer(LONG, f"Content-Length: {len(LONG)}", signed=LONG).status == 200


def test_a_long_body_in_chunks(server: Server) -> None:
    parts = [LONG[at : at + 100_000] for at in range(0, len(LONG), 100_000)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])

    assert server.answer(chunks, CHUNKED, signed=LONG).status == 200


@pytest.mark.parametrize(
    ("body", "headers", "hangs_up", "status"),
    [
        (b"", (), False, 403),
        (BODY, ("Content-Length: 5",), False, 403),
        (BODY, ("Content-Length: 5000",), True, 400),
        (b"", ("Content-Length: 99999999999",), False, 413),
        (b"ffffff\r\n%b" % (b" " * 5_000_000), (CHUNKED,), False, 413),
    ],
    ids=["none", "short", "cut off", "huge", "huge in chunks"],
)
def test_a_body_that_is_not_what_was_signed_or_promised(
    server: Server, body: bytes, headers: tuple[str, ...], status: int, *, hangs_up: bool
) -> None:
    assert server.answer(body, *headers, hangs_up=hangs_up).status == status


def test_the_answer_is_for_machines_and_sets_nothing(server: Server) -> None:
    answer = server.answer(BODY, f"Content-Length: {len(BODY)}", "Cookie: sessionid=x")

    assert answer.headers["content-type"].startswith("text/plain")
    assert "set-cookie" not in answer.headers
