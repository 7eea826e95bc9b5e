"""What every part of a message is built on: a frozen object that keeps its keys as they were given, and text."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, model_validator

from notifications.payloads.problems import Refusal


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


def not_blank(text: str) -> str:
    if not text.strip():
        raise Refusal("blank")
    return text


Words = Annotated[str, Field(min_length=1, json_schema_extra={"pattern": r"\S"}), AfterValidator(not_blank)]
