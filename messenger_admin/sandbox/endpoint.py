"""The guide's address and the answers that iAdvize gives there, as bytes. Pure.

`POST /social/facebook/messenger/pages/{page_id}/customers/{customer_id}/messages?access_token=...`
The guide shows no answer; these have the envelope of iAdvize's REST API (`meta.status`, `data.id`, `data._link`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, quote, unquote

_BEFORE_PAGE = ["", "social", "facebook", "messenger", "pages"]
_SEGMENTS = 9
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_JSON = frozenset({b"{", b"["})
_BODILESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    page_id: str
    customer_id: str
    token: str = field(repr=False)

    @property
    def path(self) -> str:
        page, customer = quote(self.page_id, safe=""), quote(self.customer_id, safe="")
        return f"/social/facebook/messenger/pages/{page}/customers/{customer}/messages"


def target(url: bytes) -> Target | None:
    """What a request line's URL names; None when it is another address.

    The path is split before it is decoded, since a customer_id may hold an encoded slash.
    """
    try:
        path, _, query = url.decode("ascii").partition("?")
        segments = path.split("/")
        if len(segments) != _SEGMENTS or segments[:5] != _BEFORE_PAGE or segments[6::2] != ["customers", "messages"]:
            return None
        page_id, customer_id = (unquote(segments[n], errors="strict") for n in (5, 7))
        token = parse_qs(query, max_num_fields=20).get("access_token", [""])[0]
    except ValueError:
        return None
    return Target(page_id=page_id, customer_id=customer_id, token=token) if page_id and customer_id else None


def answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A whole HTTP/1.1 answer; a status that allows no body goes without. JSON and HTML need no Content-Type."""
    lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, 'Unknown')}"]
    if status in _BODILESS:
        body = b""
    else:
        if "Content-Type" not in (headers or {}):
            lines.append(f"Content-Type: {'application/json' if body[:1] in _JSON else 'text/html; charset=utf-8'}")
        lines.append(f"Content-Length: {len(body)}")
    lines.extend(f"{name}: {value}" for name, value in (headers or {}).items())
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def success(message_id: str, path: str) -> bytes:
    return _json({"meta": {"status": "success"}, "data": {"id": message_id, "_link": f"{path}/{message_id}"}})


def refusal(status: int, message: str) -> bytes:
    """`fail` is the caller's mistake, `error` one of authorisation or of the system."""
    word = "error" if status in {401, 403} or status >= 500 else "fail"
    return _json({"meta": {"status": word, "message": message}})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
