"""A listing's pages: cursors, and the address of the next page with the token in it, as Graph gives it. Pure."""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from messenger_admin.sandbox.facebook.graph import errors
from messenger_admin.sandbox.facebook.graph.call import Call

USUAL, MOST = 25, 100


def cut(call: Call, items: Sequence[Any], *, base: str) -> tuple[Sequence[Any], dict[str, Any]]:
    """The items of the asked page, and its `paging`, which is empty where there are none. `base` is Graph's own URL."""
    limit = call.whole("limit", USUAL, most=MOST)
    if call.text("before"):
        end = _place(call.text("before"))
        start = max(end - limit, 0)
    else:
        start = _place(call.text("after")) if call.text("after") else 0
        end = start + limit
    found = items[start:end]
    return found, _paging(call, start, start + len(found), len(items), base) if found else {}


def _paging(call: Call, start: int, end: int, total: int, base: str) -> dict[str, Any]:
    return {
        "cursors": {"before": _cursor(start), "after": _cursor(end)},
        **({"next": _url(call, base, after=_cursor(end))} if end < total else {}),
        **({"previous": _url(call, base, before=_cursor(start))} if start else {}),
    }


def _url(call: Call, base: str, **cursor: str) -> str:
    params = {name: call.text(name) for name in call.params if name not in {"after", "before"}}
    query = urlencode({"access_token": call.token, **params, **cursor})
    return f"{base}/{call.version}/{'/'.join(call.path)}?{query}"


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"place:{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        place = int(number)
    except ValueError:
        word, place = "", -1
    if word != "place" or not 0 <= place < 1_000_000:
        raise errors.parameter("Invalid cursors values")
    return place
