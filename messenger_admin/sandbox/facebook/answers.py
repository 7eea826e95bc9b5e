"""Graph's answers as bytes. Pure."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from messenger_admin.sandbox.endpoint import answer
from messenger_admin.sandbox.exchange import Plan
from messenger_admin.sandbox.facebook.graph import errors
from messenger_admin.sandbox.facebook.graph.errors import Refusal


def plan(said: Any, *, version: str, headers: Mapping[str, str] | None = None) -> Plan:
    return _plan(HTTPStatus.OK, said, version, headers)


def refused(refusal: Refusal, *, version: str) -> Plan:
    return _plan(refusal.status, refusal.as_json(), version, refusal.headers)


def redirect(url: str, *, version: str) -> Plan:
    return _plan(HTTPStatus.FOUND, {}, version, {"Location": url})


def _plan(status: int, said: Any, version: str, headers: Mapping[str, str] | None) -> Plan:
    # As Facebook writes it: everything beyond ASCII escaped.
    body = json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()
    known = {"facebook-api-version": version, "x-fb-trace-id": errors.trace(), "Cache-Control": "no-store"}
    return Plan(status=status, data=answer(status, body, {**known, **(headers or {})}), record=False)
