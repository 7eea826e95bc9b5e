"""Calls to the Graph API: the only module of `pages` that opens a socket.

The token goes in a header, so that it stands in no URL that somebody logs. Every call of the server proves that it
knows the app's secret (`appsecret_proof`).
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any, Self

import requests
from django.conf import settings

# Graph API, "Handling errors" and "Rate limits": out of order, throttled.
_PASSING = frozenset({1, 2, 4, 17, 32, 341, 613})
# Pages of a listing that are followed before it counts as broken.
MAX_PAGES = 200


class GraphUnreachable(Exception):
    """No answer, or none that is Graph's. What was asked may have been done all the same."""


class GraphError(Exception):
    """Graph's own refusal; `code` and `subcode` say why (Graph API, "Handling errors")."""

    def __init__(self, *, status: int, code: int, subcode: int | None, message: str, trace: str) -> None:
        self.status, self.code, self.subcode, self.message, self.trace = status, code, subcode, message, trace
        super().__init__(message)

    @classmethod
    def of(cls, status: int, error: Mapping[str, Any]) -> Self:
        subcode = error.get("error_subcode")
        return cls(
            status=status,
            code=_whole(error.get("code")),
            subcode=_whole(subcode) if subcode is not None else None,
            message=str(error.get("error_user_msg") or error.get("message") or "")[:500],
            trace=str(error.get("fbtrace_id") or "")[:64],
        )

    @property
    def token_is_dead(self) -> bool:
        return self.code == 190

    @property
    def lacks_permission(self) -> bool:
        return self.code == 10 or 200 <= self.code <= 299

    @property
    def passes(self) -> bool:
        """Trouble of Facebook's own, or too many calls: the same may be granted later."""
        return self.code in _PASSING or 80_000 <= self.code <= 80_014 or self.status >= 500


def get(path: str, *, token: str, **params: str) -> dict[str, Any]:
    """`path` begins after the version, without a slash: `me/accounts`. Raises GraphError or GraphUnreachable."""
    return _call("GET", _url(path), token=token, params=params)


def post(path: str, *, token: str, json: Mapping[str, Any] | None = None, **params: str) -> dict[str, Any]:
    return _call("POST", _url(path), token=token, params=params, json=json)


def delete(path: str, *, token: str, **params: str) -> dict[str, Any]:
    return _call("DELETE", _url(path), token=token, params=params)


def listing(path: str, *, token: str, **params: str) -> Iterator[dict[str, Any]]:
    """Every item of a listing, across its pages, by cursor: `paging.next` would carry the token in a URL."""
    after = ""
    for _page in range(MAX_PAGES):
        found = get(path, token=token, **params, **({"after": after} if after else {}))
        yield from (item for item in found.get("data") or () if isinstance(item, dict))
        paging = found.get("paging") or {}
        new = str((paging.get("cursors") or {}).get("after") or "")
        if not paging.get("next") or not new or new == after:
            return
        after = new
    raise GraphUnreachable("The listing has no end.")


def proof(token: str) -> str:
    return hmac.new(settings.FACEBOOK_APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


def _url(path: str) -> str:
    return f"{settings.GRAPH_URL}/{settings.GRAPH_VERSION}/{path}"


def _call(
    method: str, url: str, *, token: str, params: Mapping[str, str], json: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    known = {"appsecret_proof": proof(token)} if token and settings.FACEBOOK_APP_SECRET and "|" not in token else {}
    try:
        answer = requests.request(
            method,
            url,
            params={**params, **known},
            json=json,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=(settings.CONNECT_TIMEOUT, settings.GRAPH_TIMEOUT),
            allow_redirects=False,
            verify=settings.CA_FILE or True,
        )
        said = answer.json()
    except requests.RequestException as error:
        # Its text may hold the URL, and with it a proof or a code.
        raise GraphUnreachable(type(error).__name__) from None
    if not isinstance(said, dict):
        raise GraphUnreachable(f"HTTP {answer.status_code}")
    if isinstance(error_said := said.get("error"), dict):
        raise GraphError.of(answer.status_code, error_said)
    if not answer.ok:
        raise GraphUnreachable(f"HTTP {answer.status_code}")
    return said


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
