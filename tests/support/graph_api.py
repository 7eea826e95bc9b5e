"""A Graph API of a few answers over real HTTP: what it was asked can be read afterwards."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import override_settings

from tests.support.far_end import Act, FarEnd, Visit, answer, http

APP = {"FACEBOOK_APP_ID": "77001", "FACEBOOK_APP_SECRET": "the-apps-secret", "GRAPH_VERSION": "v26.0"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Graph:
    def __init__(self, far_end: FarEnd) -> None:
        self._far_end = far_end

    @property
    def asked(self) -> list[Asked]:
        return [_asked(raw) for raw in self._far_end.requests]


def says(value: object, *, status: int = 200) -> Act:
    return answer(raw(value, status=status))


def raw(value: object, *, status: int = 200) -> bytes:
    return http(status, json.dumps(value).encode(), "Content-Type: application/json")


def refuses(code: int, *, subcode: int | None = None, status: int = 400, message: str = "No.") -> Act:
    return says(error(code, subcode=subcode, message=message), status=status)


def error(code: int, *, subcode: int | None = None, message: str = "No.") -> dict[str, Any]:
    said = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AbC"}
    return {"error": said | ({"error_subcode": subcode} if subcode else {})}


@contextmanager
def graph(*script: Act, **changes: object) -> Iterator[Graph]:
    """Each request is met by the next answer of the script; the last one is repeated."""
    with FarEnd(*script) as far_end, override_settings(**{**APP, "GRAPH_URL": far_end.url, **changes}):
        yield Graph(far_end)


# What Facebook says where nothing is wrong, by method and the end of the path.
WELL: dict[tuple[str, str], object] = {
    ("GET", "oauth/access_token"): {"access_token": "user-token"},
    ("GET", "me"): {"id": "1001", "name": "Claire Martin"},
    ("GET", "me/accounts"): {"data": []},
    ("GET", "debug_token"): {
        "data": {
            "is_valid": True,
            "user_id": "1001",
            "expires_at": 0,
            "scopes": [
                *("pages_show_list", "pages_manage_metadata", "pages_messaging", "pages_read_engagement"),
                *("business_management", "pages_utility_messaging"),
            ],
        }
    },
    ("POST", "subscribed_apps"): {"success": True},
    ("DELETE", "subscribed_apps"): {"success": True},
    ("GET", "subscribed_apps"): {"data": []},
    ("GET", "me/messenger_profile"): {"data": []},
    ("POST", "me/messenger_profile"): {"result": "success"},
}


def routed(told: dict[tuple[str, str], object] | None = None) -> Act:
    """Answers each address as it is told, or as in WELL; a callable gets what was asked. The rest names a page."""
    answers = WELL | (told or {})

    def act(visit: Visit) -> bool:
        asked = _asked(visit.read())
        path = asked.path.partition("/v26.0/")[2]
        known = (said for (method, end), said in answers.items() if method == asked.method and _is(path, end))
        said = next(known, {"id": path, "name": f"Page {path}"})
        said = said(asked) if callable(said) else said
        if said is None:
            visit.reset()
            return False
        visit.send(raw(said, status=400 if isinstance(said, dict) and "error" in said else 200))
        return True

    return act


def _is(path: str, end: str) -> bool:
    return path == end or (end == "subscribed_apps" and path.endswith("/subscribed_apps"))


def _asked(raw: bytes) -> Asked:
    head, _blank, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    parts = urlsplit(target)
    headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
    return Asked(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
