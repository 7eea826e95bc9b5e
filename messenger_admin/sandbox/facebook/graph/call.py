"""A call to Graph, read out of an HTTP request. Pure.

Parameters come in the query, as a form or as JSON, and the token there or in a header: Graph takes all of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from messenger_admin.sandbox.facebook.graph import errors

_SCHEMES = ("bearer ", "oauth ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`path` is what follows the version, decoded and split; `params` are the query's and the body's together."""

    method: str
    version: str
    path: tuple[str, ...]
    params: Mapping[str, Any] = field(repr=False)
    token: str = field(repr=False)

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def value(self, name: str) -> Any:
        """As JSON says it, also where it came as text in a query or a form; text that is no JSON is itself."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value

    def items(self, name: str) -> list[str]:
        """A list of words, given as JSON or with commas."""
        value = self.value(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [word for part in self.text(name).split(",") if (word := part.strip())]

    def whole(self, name: str, default: int, *, most: int) -> int:
        text = self.text(name) or str(default)
        if not text.isdecimal() or not 0 < int(text[:9]) <= most:
            raise errors.parameter(f"Param {name} must be an integer between 1 and {most}")
        return int(text)


def read(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Call:
    """`path` is as it came, and begins with a version. Raises Refusal where the body can't be read."""
    version, *rest = path.strip("/").split("/")
    params: dict[str, Any] = {**query, **_body(headers.get("content-type", ""), body)}
    # A POST may stand for another method, as for browsers of old.
    meant = str(params.pop("method", method)).upper() if method == "POST" else method
    token = params.pop("access_token", "") or _header(headers.get("authorization", ""))
    return Call(
        method=meant,
        version=version,
        path=tuple(unquote(segment) for segment in rest),
        params=params,
        token=token if isinstance(token, str) else "",
    )


def _body(content_type: str, body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise errors.parameter("The body is neither a form nor a JSON object")
    return said


def _header(authorization: str) -> str:
    scheme = next((one for one in _SCHEMES if authorization.lower().startswith(one)), "")
    return authorization[len(scheme) :].strip() if scheme else ""
