"""Lists with a limit, counted before their items are looked at, kept as tuples: a message does not change."""

from typing import Any

from pydantic import BeforeValidator, Field

from notifications.payloads.limits import Limit
from notifications.payloads.problems import Refusal


def listed(limit: Limit) -> Any:
    return Field(strict=False, json_schema_extra={"minItems": limit.least, "maxItems": limit.most})


def counted(limit: Limit) -> BeforeValidator:
    """pydantic's own count leaves out the items that are wrong, and looks at a million of them."""

    def count(items: object) -> object:
        if isinstance(items, list | tuple):
            if len(items) < limit.least:
                raise Refusal("too_few", limit=limit.least)
            if len(items) > limit.most:
                raise Refusal("too_many", limit=limit.most, length=len(items))
        return items

    return BeforeValidator(count)
