"""The JSON Schema of a message, made from the models that judge it; the API and its documentation publish it."""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from notifications.payloads.message import Message

TEMPLATE: Final = "#/$defs/{model}"


class _WithoutNull(GenerateJsonSchema):
    """A key that may be left out may not be null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schema(ref_template: str = TEMPLATE) -> dict[str, Any]:
    """JSON Schema 2020-12; `ref_template` says where a document that embeds it keeps the definitions."""
    return Message.model_json_schema(schema_generator=_WithoutNull, ref_template=ref_template)
