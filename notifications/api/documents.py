"""What the documentation says of calls beside their own models: the message's schema, made of what judges it."""

from typing import Any

from notifications import payloads
from notifications.api.schemas import Failure

# Every call may answer these.
_ALWAYS = (401, 429, 500, 503)


def failures(*statuses: int) -> dict[int, Any]:
    """The refusals of one call, beside those that every call has."""
    return dict.fromkeys([*statuses, *_ALWAYS], Failure)


MESSAGE_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": payloads.schema()}}},
}
