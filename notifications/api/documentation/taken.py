"""What calls take beside models of the API's own: the message as it is judged, by its name, and in a batch."""

from typing import Any, Final

from notifications import payloads
from notifications.api import access, batches, keys
from notifications.api.documentation import words
from notifications.api.documents import component
from notifications.payloads import limits, utility
from optins import customer_ids

_SCHEMAS = "#/components/schemas/{model}"

PAGE_ID: Final[dict[str, Any]] = {"type": "string", "pattern": f"^[0-9]{{1,{access.MOST_DIGITS}}}$"}
CUSTOMER_ID: Final[dict[str, Any]] = {"type": "string", "minLength": 1, "maxLength": customer_ids.MAX_LENGTH}
KEY: Final[dict[str, Any]] = {"type": "string", "pattern": f"^{keys.PATTERN}$"}

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
# Where each message of a batch goes.
_TO: Final[dict[str, Any]] = {
    "page_id": {**PAGE_ID, "description": words.PAGE_ID},
    "customer_id": {**CUSTOMER_ID, "description": words.CUSTOMER_ID_IN_BODY},
    "idempotency_key": {**KEY, "description": words.KEY_OF_ENTRY},
}
BATCH: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["messages"],
    "properties": {
        "messages": {
            "type": "array",
            "minItems": 1,
            "maxItems": batches.MOST,
            "items": {"oneOf": [component("schemas", "MessageTo"), component("schemas", "ByNameTo")]},
        }
    },
}


UTILITY: Final[dict[str, Any]] = {
    "type": "object",
    "description": words.UTILITY,
    "additionalProperties": False,
    "required": ["name", "language"],
    "properties": {
        "name": {"type": "string", "pattern": f"^{utility.choice.NAME.pattern}$"},
        "language": {"type": "string", "pattern": f"^{utility.choice.LANGUAGE.pattern}$"},
        "parameters": {
            "type": "object",
            "description": words.UTILITY_PARAMETERS,
            "maxProperties": limits.TEMPLATE_PARAMETERS.most,
            "additionalProperties": {"type": "string", "pattern": r"\S"},
        },
    },
}


def schemas() -> dict[str, Any]:
    message = payloads.schema(_SCHEMAS)
    parts = message.pop("$defs")
    message["properties"] = {**message["properties"], "utility": component("schemas", "Utility")}
    whole = {"Message": message, "ByName": BY_NAME, "NewBatch": BATCH, "Utility": UTILITY}
    return {**parts, **whole, "MessageTo": _addressed(message), "ByNameTo": _addressed(BY_NAME)}


def _addressed(schema: dict[str, Any]) -> dict[str, Any]:
    required = [*schema.get("required", []), "page_id", "customer_id"]
    shown = {**schema, "properties": {**_TO, **schema["properties"]}, "required": required}
    return {key: value for key, value in shown.items() if key != "title"}
