"""JSON that scripts post to the sandbox, and the answer to what is none."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _


class NotSent(Exception):
    """What came is no JSON object; `answer` says so."""

    def __init__(self, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.answer = refused([problem(message)], status)


class NotValid(NotSent):
    """What came is not what a form takes."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        Exception.__init__(self, str(problems))
        self.answer = refused(problems)


def refused(problems: list[dict[str, str]], status: int = HTTPStatus.BAD_REQUEST) -> JsonResponse:
    return JsonResponse({"errors": problems}, status=status)


def problem(message: str, field: str = "") -> dict[str, str]:
    return {"field": field, "code": "invalid", "message": message}


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Only JSON is taken, which no other site's form or script can send without asking first: no CSRF token is due.

    Raises NotSent.
    """
    if request.content_type != "application/json":
        message = _("Send a JSON object with Content-Type: application/json.")
        raise NotSent(message, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise NotSent(_("The body is no JSON object."))
    return data


def as_posted(data: dict[str, Any]) -> dict[str, Any]:
    """JSON values as a form would send them; a body may be given as the JSON it shall be."""
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, bool | dict | list) else value
        for name, value in data.items()
    }
