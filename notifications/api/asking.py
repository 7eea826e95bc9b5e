"""What calls with a body of their own take: models that judge strictly, and the documentation made of them."""

from datetime import UTC, datetime, time
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from notifications.api import bodies
from notifications.api.envelope import ApiError, Fault
from optins import customer_ids

M = TypeVar("M", bound="Asked")
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


class Asked(BaseModel):
    """Nothing unknown, nothing turned from one type into another. A key that is left out is None; null is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _WithoutNull(GenerateJsonSchema):
    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        shown = self.generate_inner(schema["schema"])
        return shown if schema.get("default") is None else {**shown, "default": schema["default"]}

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def takes(model: type[Asked], *, required: bool = True) -> dict[str, Any]:
    """For `openapi_extra` of an operation."""
    made = model.model_json_schema(schema_generator=_WithoutNull)
    schema = _inlined(made, made.pop("$defs", {}))
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A schema inside another document finds no definitions beside it."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    beside = {key: _inlined(each, definitions) for key, each in schema.items() if key != "$ref"}
    return {**_inlined(definitions[reference.rsplit("/", 1)[1]], definitions), **beside} if reference else beside


def fault(status: int, field: str, code: str, message: str, *, retry_after: str = "") -> ApiError:
    """A refusal for one reason. `retry_after` is in seconds."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return ApiError(status, message, faults=[Fault(field=field, code=code, message=message)], headers=headers)


def customer_id_of(raw: str, *, status: int = 400) -> str:
    """The id as it is stored. Raises ApiError: 400 in an address, 422 in a body."""
    try:
        return customer_ids.parse(raw)
    except customer_ids.CustomerIdError as error:
        raise fault(status, "customer_id", error.code, _(error.message) % error.params) from None


def instant_of(text: str | None, field: str) -> datetime | None:
    """In UTC: PostgreSQL takes no distance of 16 hours or more. Raises ApiError 422."""
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    # A year at the end of the calendar is in another, or in none, on another clock.
    if found is None or found.utcoffset() is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        words = _("Give a time with its distance from UTC, for example 2026-11-27T18:00:00+01:00.")
        raise fault(422, field, "no_instant", words)
    return found.astimezone(UTC)


def wall_time_of(text: str, field: str) -> time:
    """Raises ApiError 422."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo or len(text) != len("22:30"):
        raise fault(422, field, "no_wall_time", _("Give a time of the day in hours and minutes, for example 22:30."))
    return found


def asked_if_any(request: HttpRequest, model: type[M]) -> M:
    """A body that may be left out. Raises ApiError 400, 413, 415 or 422."""
    has_body = request.META.get("CONTENT_LENGTH") not in {None, "", "0"}
    return bodies.parse(request, model) if has_body else model()
