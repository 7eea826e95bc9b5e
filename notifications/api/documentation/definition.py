"""The API's definition, OpenAPI 3.1: ninja's, made of the models that judge, and what it can't know of a call.

What many calls share (parameters, headers, refusals, the message itself) stands once, under `components`.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from notifications.api import access, keys
from notifications.api.documentation import refusals, taken, words
from notifications.api.documents import BATCH_EXAMPLE, EXAMPLES, component
from notifications.api.doors import api

_FOLDER = Path(__file__).parent / "examples"

PARAMETERS: Final[dict[str, Any]] = {
    "PageId": {
        "name": "page_id",
        "in": "path",
        "required": True,
        "description": words.PAGE_ID,
        "schema": taken.PAGE_ID,
        "example": "322837607840703",
    },
    "CustomerId": {
        "name": "customer_id",
        "in": "path",
        "required": True,
        "description": words.CUSTOMER_ID,
        "schema": taken.CUSTOMER_ID,
        "example": "order-1234",
    },
    "IdempotencyKey": {
        "name": keys.HEADER,
        "in": "header",
        "description": words.IDEMPOTENCY_KEY,
        "schema": {**taken.KEY, "examples": ["9d3b1c1e-order-1234"]},
    },
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": words.ACCEPT_LANGUAGE,
        "schema": {"type": "string", "examples": ["fr"]},
    },
}

_TOKENS = (access.BearerToken, access.HeaderToken, access.AddressToken)
# Parameters that many calls have, by place and name.
_SHARED = {(shown["in"], shown["name"]): name for name, shown in PARAMETERS.items()}


class Definition(OpenAPISchema):
    def get_components(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_components()
        found["schemas"] = dict(sorted({**found["schemas"], **taken.schemas()}.items()))
        for name, scheme in found["securitySchemes"].items():
            scheme["description"] = words.SECURITY[name]
        beside = {"parameters": PARAMETERS, "headers": refusals.HEADERS, "responses": refusals.components()}
        return {**found, **beside, "examples": examples()}

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """`parameters` last: what the call itself adds to them is there only now."""
        found: dict[str, Any] = super().operation_details(operation)
        found["parameters"] = [*map(_shared, found["parameters"]), component("parameters", "AcceptLanguage")]
        if component("parameters", "IdempotencyKey") in found["parameters"]:
            _may_be_replayed(found["responses"])
        return found

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """With the scope that a token needs, which OpenAPI calls a role."""
        super().operation_security(operation)
        forms = [form for form in operation.auth_callbacks if isinstance(form, _TOKENS)]
        return [{type(form).__name__: [form.scope.value]} for form in forms]

    def responses(self, operation: Operation) -> dict[str, Any]:  # type: ignore[override]  # JSON's keys are text
        found = super().responses(operation)
        return {str(status): _answer(status, found[status]) for status in sorted(found)}


def _shared(parameter: dict[str, Any]) -> dict[str, Any]:
    name = _SHARED.get((parameter.get("in"), parameter.get("name")))
    return component("parameters", name) if name else parameter


def _answer(status: int, found: dict[str, Any]) -> dict[str, Any]:
    if status in refusals.REFUSALS:
        return component("responses", refusals.REFUSALS[status].name)
    headers = {"headers": {"Location": component("headers", "Location")}} if status in {201, 202} else {}
    return {**found, **headers}


def _may_be_replayed(responses: dict[str, Any]) -> None:
    for status, found in responses.items():
        if status.startswith("2"):
            found.setdefault("headers", {})[keys.REPLAYED] = component("headers", "IdempotencyReplayed")


def examples() -> dict[str, Any]:
    """The guide's own messages as its author meant them, one by its name, and a batch."""
    return {
        name: {"value": json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))}
        for name in (*EXAMPLES, BATCH_EXAMPLE)
    }


@cache
def definition() -> tuple[bytes, str]:
    """The document, the same at each start, and its ETag."""
    text = json.dumps(Definition(api, path_prefix=""), ensure_ascii=False, indent=1).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'
