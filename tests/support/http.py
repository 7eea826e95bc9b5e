"""Reading HTTP answers off a bare socket, so that a broken one is seen as it is."""

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Broken(Exception):
    """The connection ended before the answer did; `got` is what came until then."""

    def __init__(self, got: bytes) -> None:
        super().__init__(repr(got))
        self.got = got


def read_answer(connection: socket.socket) -> Answer:
    """Exactly one answer: what follows it stays unread. Raises Broken, ConnectionResetError, TimeoutError."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += _more(connection, 1, head)
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
    body = b""
    while len(body) < int(headers.get("content-length", 0)):
        body += _more(connection, int(headers["content-length"]) - len(body), head + body)
    return Answer(status=int(status_line.split()[1]), headers=headers, body=body)


def _more(connection: socket.socket, size: int, got: bytes) -> bytes:
    chunk = connection.recv(size)
    if not chunk:
        raise Broken(got)
    return chunk
