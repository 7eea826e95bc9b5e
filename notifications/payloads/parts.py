"""What every part of a message is built on: a frozen object that keeps its keys as they were given, and text.

A text may hold placeholders until it is filled: till then it is measured as it would show.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo

from notifications.payloads import placeholders
from notifications.payloads.limits import Limit
from notifications.payloads.problems import Refusal

# The context of a validation: braces are then text like any other.
FILLED: Final[Mapping[str, bool]] = {"filled": True}


class Part(BaseModel):
    """An object inside a message. A key that was not given is None; null itself never gets this far."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_the_order_of_keys(cls, given: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """What goes out then reads as what came in; the keys that were not given stand first and are left out."""
        part = handler(given)
        if isinstance(given, dict):
            values = part.__dict__
            for key in given:
                values[key] = values.pop(key)
        return part


def as_shown(text: str, info: ValidationInfo) -> str:
    """What of `text` counts: all of it once it is filled."""
    return text if info.context else placeholders.shown(text)


def _well_formed(text: str, info: ValidationInfo) -> str:
    near = "" if info.context else placeholders.nearly(text)
    if near:
        raise Refusal("placeholder", near=near)
    return text


def _not_blank(text: str, info: ValidationInfo) -> str:
    if not as_shown(text, info).strip():
        raise Refusal("blank")
    return text


def at_most(limit: Limit) -> AfterValidator:
    def check(text: str, info: ValidationInfo) -> str:
        length = len(as_shown(text, info))
        if length > limit.most:
            raise Refusal("too_long", limit=limit.most, length=length)
        return text

    return AfterValidator(check)


def sized(limit: Limit, **more: Any) -> FieldInfo:
    """What the schema says of a text with a limit: a placeholder may be longer to write than what it puts there."""
    extra = {"anyOf": [{"maxLength": limit.most}, {"pattern": placeholders.IN_A_SCHEMA}], **more}
    field: FieldInfo = Field(json_schema_extra=extra)
    return field


# Any text, which may be empty; and one that says something.
Prose = Annotated[str, AfterValidator(_well_formed)]
Words = Annotated[
    str,
    Field(min_length=1, json_schema_extra={"pattern": r"\S"}),
    AfterValidator(_well_formed),
    AfterValidator(_not_blank),
]
