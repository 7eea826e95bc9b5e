"""The body of a request, read with a limit, as JSON, and judged by a model; what is wrong is told with its place."""

from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from notifications import payloads
from notifications.api.envelope import ApiError, Fault
from notifications.payloads.json_text import decode
from notifications.payloads.json_values import look
from notifications.payloads.problems import PayloadError
from notifications.words import say

M = TypeVar("M", bound=BaseModel)

# Bytes. A receipt of 100 lines has about 60 KB; a batch has at most 1,000 messages.
ONE_MESSAGE = 1_000_000
MANY_MESSAGES = 20_000_000

# The body is no JSON at all, rather than JSON that says something wrong.
_MALFORMED = frozenset({"not_utf8", "not_json", "too_deep", "duplicate_key", "no_json_value", "bad_character"})


def read(request: HttpRequest, *, most: int = ONE_MESSAGE) -> bytes:
    """Raises ApiError 413 or 415."""
    if request.content_type not in {"", "application/json", "text/json"} and not str(request.content_type).endswith(
        "+json"
    ):
        raise ApiError(
            415,
            _("Send JSON, with the header Content-Type: application/json. This is %(type)s.")
            % {"type": request.content_type},
        )
    raw = request.read(most + 1)
    if len(raw) > most:
        raise ApiError(413, _("Send at most %(limit)s bytes in one request.") % {"limit": most})
    return raw


def value(raw: bytes) -> Any:
    """Decoded JSON. Raises ApiError 400."""
    try:
        decoded = decode(raw)
        problems = list(look(decoded))
    except PayloadError as error:
        raise refused(error) from None
    if problems:
        raise refused(PayloadError(problems[:50]))
    return decoded


def parse(request: HttpRequest, model: type[M]) -> M:
    """The body as `model`. Raises ApiError 400, 413, 415 or 422."""
    decoded = value(read(request))
    try:
        return model.model_validate(decoded)
    except ValidationError as error:
        found = error.errors(include_url=False)
    problems = [Fault(field=place(one["loc"]), code=one["type"], message=one["msg"]) for one in found]
    raise ApiError(422, _("The body can't be accepted as it is."), faults=problems)


def message(raw: bytes) -> payloads.Message:
    """A message as the guide has it. Raises ApiError 400 or 422."""
    try:
        return payloads.parse_json(raw)
    except PayloadError as error:
        raise refused(error) from None


def refused(error: PayloadError) -> ApiError:
    """400 for what is no JSON, 422 for JSON that is no message; each problem with its place and its sentence."""
    malformed = any(problem.code in _MALFORMED for problem in error.problems)
    faults = [Fault(field=one.path, code=one.code, message=say(one)) for one in error.problems]
    return ApiError(400 if malformed else 422, faults[0].message, faults=faults)


def place(steps: tuple[int | str, ...]) -> str:
    """`("messages", 3, "text")` as `messages[3].text`."""
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}" if path else step
    return path
