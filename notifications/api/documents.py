"""What calls say of themselves beside their own models, for `response=` and `openapi_extra=` of an operation.

Names stand for what documentation/definition.py puts into the document once.
"""

from typing import Any

from notifications.api.schemas import Failure

# Every call may answer these.
_ALWAYS = (401, 429, 500, 503)


def failures(*statuses: int) -> dict[int, Any]:
    """The refusals of one call, beside those that every call has."""
    return dict.fromkeys([*statuses, *_ALWAYS], Failure)


def component(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


# The guide's own messages, and a message by its name.
EXAMPLES = ("text", "image", "carousel", "receipt", "by_name")
BATCH_EXAMPLE = "batch"


def _body(schema: dict[str, Any], *examples: str) -> dict[str, Any]:
    shown = {"schema": schema, "examples": {name: component("examples", name) for name in examples}}
    return {"requestBody": {"required": True, "content": {"application/json": shown}}}


MESSAGE_BODY = _body({"oneOf": [component("schemas", "Message"), component("schemas", "ByName")]}, *EXAMPLES)
BATCH_BODY = _body(component("schemas", "NewBatch"), BATCH_EXAMPLE)

# For a call that keys.once answers.
ONCE: dict[str, Any] = {"parameters": [component("parameters", "IdempotencyKey")]}
