"""An answer as it goes out: JSON, told to nobody's cache."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse

CONTENT_TYPE = "application/json; charset=utf-8"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


# Made once: `json.dumps` would make one for each answer.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def as_json(data: Any) -> str:
    return _encode(data)


def answer(body: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Without a second look through the schema that documents it, which costs as much as the rest of a call."""
    return HttpResponse(
        _encode(body).encode(),
        status=status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
