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

from notifications import payloads
from notifications.api import access, keys
from notifications.api.documentation import refusals, words
from notifications.api.documents import EXAMPLES, component
from notifications.api.doors import api
from optins import customer_ids

_SCHEMAS = "#/components/schemas/{model}"
_FOLDER = Path(__file__).parent / "examples"

PARAMETERS: Final[dict[str, Any]] = {
    "PageId": {
        "name": "page_id",
        "in": "path",
        "required": True,
        "description": words.PAGE_ID,
        "schema": {"type": "string", "pattern": f"^[0-9]{{1,{access.MOST_DIGITS}}}$"},
        "example": "322837607840703",
    },
    "CustomerId": {
        "name": "customer_id",
        "in": "path",
        "required": True,
        "description": words.CUSTOMER_ID,
        "schema": {"type": "string", "minLength": 1, "maxLength": customer_ids.MAX_LENGTH},
        "example": "order-1234",
    },
    "IdempotencyKey": {
        "name": keys.HEADER,
        "in": "header",
        "description": words.IDEMPOTENCY_KEY,
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["9d3b1c1e-order-1234"]},
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

BY_NAME: Final[dict[str, Any]] = {
    "type": "object",
    "description": words.BY_NAME,
    "additionalProperties": False,
    "required": ["notification"],
    "properties": {
        "notification": {"type": "string"},
        "variables": {
            "type": "object",
            "description": words.VARIABLES,
            "additionalProperties": {"type": ["string", "number"]},
        },
    },
}


class Definition(OpenAPISchema):
    def get_components(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_components()
        message = payloads.schema(_SCHEMAS)
        schemas = {**found["schemas"], **message.pop("$defs"), "Message": message, "ByName": BY_NAME}
        found["schemas"] = dict(sorted(schemas.items()))
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
        return {str(status): _answer(status, found) for status, found in super().responses(operation).items()}


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
    """The guide's own messages as its author meant them, and one by its name."""
    return {name: {"value": json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))} for name in EXAMPLES}


@cache
def definition() -> tuple[bytes, str]:
    """The document, the same at each start, and its ETag."""
    text = json.dumps(Definition(api, path_prefix=""), ensure_ascii=False, indent=1).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'
