"""The sandbox's one way out: it calls the app's webhook as Facebook would, and nobody else."""

import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

MAX_ANSWER = 10_000


class NoAnswer(Exception):
    """Nothing that HTTP calls an answer, or not in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    body: str


def post(url: str, body: bytes, headers: dict[str, str], *, patience: float) -> Reply:
    return _call("POST", url, body, headers, patience=patience)


def get(url: str, query: dict[str, str], *, patience: float) -> Reply:
    return _call("GET", f"{url}?{urlencode(query)}", None, {}, patience=patience)


def _call(method: str, url: str, body: bytes | None, headers: dict[str, str], *, patience: float) -> Reply:
    """A connection of its own for each call. Raises NoAnswer. A redirect is an answer like any other."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, patience)
    try:
        connection.request(method, path, body=body, headers={**headers, "Connection": "close"})
        answer = connection.getresponse()
        return Reply(status=answer.status, body=answer.read(MAX_ANSWER).decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, patience: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=patience)
