"""The body of a request, read with a limit, as JSON, and judged by a model; what is wrong is told with its place."""

from itertools import islice
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from notifications import payloads
from notifications.api.envelope import ApiError, Fault
from notifications.api.explaining import faults_of
from notifications.payloads.json_text import decode
from notifications.payloads.json_values import look
from notifications.payloads.parsing import MOST_PROBLEMS
from notifications.payloads.problems import PayloadError
from notifications.words import say

M = TypeVar("M", bound=BaseModel)

# Bytes. A receipt of 100 lines has about 60 KB; a batch has at most 1,000 messages.
ONE_MESSAGE = 1_000_000
MANY_MESSAGES = 20_000_000

# The body is no JSON at all, rather than JSON that says something wrong.
_MALFORMED = frozenset({"not_utf8", "not_json", "too_deep", "duplicate_key", "no_json_value", "bad_character"})


def read(request: HttpRequest, *, most: int = ONE_MESSAGE) -> bytes:
    """The whole body. Raises ApiError 400, 413 or 415."""
    _check_type(request)
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    promised = 0 if chunked else _whole_number(request.META.get("CONTENT_LENGTH"))
    if promised > most:
        raise _too_long(most)
    try:
        # Django reads as far as a length says, and of a body in chunks nothing; the server knows where that ends.
        raw = request.META["wsgi.input"].read(most + 1) if chunked else request.read(promised)
    except OSError:
        raw = b""
    if len(raw) > most:
        raise _too_long(most)
    if len(raw) < promised:
        raise ApiError(400, _("The request broke off before its body was complete."))
    return raw


def _too_long(most: int) -> ApiError:
    return ApiError(413, _("Send at most %(limit)s bytes in one request.") % {"limit": most})


def _check_type(request: HttpRequest) -> None:
    """JSON in UTF-8, and not compressed. A request that says nothing of its type is believed to be that."""
    kind = str(request.content_type or "")
    if kind not in {"", "application/json", "text/json"} and not kind.endswith("+json"):
        raise ApiError(
            415, _("Send JSON, with the header Content-Type: application/json. This is %(type)s.") % {"type": kind}
        )
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise ApiError(415, _("Send JSON as UTF-8. This is %(charset)s.") % {"charset": charset})
    coding = request.META.get("HTTP_CONTENT_ENCODING", "identity")
    if coding.lower() != "identity":
        raise ApiError(415, _("Send the body as it is, not compressed (%(coding)s).") % {"coding": coding})


def _whole_number(length: str | None) -> int:
    """Of a request without a length the server hands on no body at all."""
    return int(length) if length and length.isascii() and length.isdigit() else 0


def value(raw: bytes) -> Any:
    """Decoded JSON, without what nobody could store or send. Raises ApiError 400 or 422."""
    return looked_at(decoded(raw))


def decoded(raw: bytes) -> Any:
    """Raises ApiError 400."""
    if not raw:
        raise ApiError(400, _("Send the message as JSON in the body, with its Content-Length: the body is empty."))
    try:
        return decode(raw)
    except PayloadError as error:
        raise refused(error) from None


def looked_at(value: Any) -> Any:
    """Raises ApiError 400 or 422."""
    if problems := list(islice(look(value), MOST_PROBLEMS)):
        raise refused(PayloadError(problems))
    return value


def parse(request: HttpRequest, model: type[M]) -> M:
    """The body as `model`. Raises ApiError 400, 413, 415 or 422."""
    return judge(value(read(request)), model)


def judge(decoded: object, model: type[M]) -> M:
    """Decoded JSON as `model`. Raises ApiError 422."""
    try:
        return model.model_validate(decoded)
    except ValidationError as error:
        found = error.errors(include_url=False)
    faults = list(islice(faults_of(found), MOST_PROBLEMS))
    raise ApiError(422, faults[0].message, faults=faults)


def message(value: object) -> payloads.Message:
    """A message as the guide has it, of decoded JSON that was looked at. Raises ApiError 422."""
    try:
        return payloads.judge(value)
    except PayloadError as error:
        raise refused(error) from None


def refused(error: PayloadError) -> ApiError:
    """400 for what is no JSON, 422 for JSON that is no message; each problem with its place and its sentence."""
    malformed = any(problem.code in _MALFORMED for problem in error.problems)
    faults = [Fault(field=one.path, code=one.code, message=say(one)) for one in error.problems]
    return ApiError(400 if malformed else 422, faults[0].message, faults=faults)
