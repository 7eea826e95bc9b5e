"""The API's outer edge, a middleware: the short way through Django, and no page for people at the end of it.

Sessions, CSRF, messages and the policy for content are for browsers; a call needs none of them, and they would cost it
a third of its time. What never reaches a call, or breaks inside one, would be told in HTML: an address of nothing, a
method that is not offered, a host that is not ours, a mistake of ours.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.api.answers import CONTENT_TYPE, answer
from notifications.api.envelope import ApiError

PATHS = re.compile(r"/(?:v1|social)(?:/|$)")
# What lies under these, looked for without a walk through the addresses of the admin.
URLS = "notifications.api.urls"

Respond = Callable[[HttpRequest], HttpResponse]


class ApiEdge:
    """The first of the middlewares: those behind it never see a call. What remains is https and its headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._elsewhere = get_response
        self._calls = _guarded(SecurityMiddleware(_guarded(_call)))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not PATHS.match(request.path_info):
            return self._elsewhere(request)
        # Left behind in the thread, as Django's own middleware does: every request says its own.
        language = translation.get_language_from_request(request)
        translation.activate(language)
        response = _without_body(self._answer, request) if request.method == "HEAD" else self._answer(request)
        response.headers["Content-Language"] = language
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self._calls(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != CONTENT_TYPE:
            response = _in_the_envelope(response)
        response.headers.setdefault("Vary", "Accept-Language")
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _guarded(inner: Any) -> Respond:
    """What it raises becomes an answer, as between any two middlewares."""
    respond: Any = convert_exception_to_response(inner)
    return cast(Respond, respond)


def _call(request: HttpRequest) -> HttpResponse:
    request.get_host()  # raises DisallowedHost
    match = request.resolver_match = get_resolver(URLS).resolve(request.path_info)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _without_body(respond: Respond, request: HttpRequest) -> HttpResponse:
    """HEAD: what GET answers, its length included, without the body."""
    request.method = "GET"
    response = respond(request)
    response.content = b""
    return response


def _in_the_envelope(response: HttpResponse) -> HttpResponse:
    told = ApiError(response.status_code, _words(response.status_code), headers=_allowed(response))
    return answer(told.body(), status=told.status, headers=told.headers)


def _allowed(response: HttpResponse) -> dict[str, str]:
    allow = response.headers.get("Allow", "")
    methods = [method.strip() for method in allow.split(",")]
    return {"Allow": ", ".join([*methods, "HEAD"] if "GET" in methods else methods)} if allow else {}


def _words(status: int) -> str:
    if status == 404:
        return _("There is nothing at this address.")
    if status == 405:
        return _("This address does not take this method; the header Allow names those it takes.")
    if status < 500:
        return _("This request can't be read as it is: look at its address, host and headers.")
    return _("Something broke on our side, and was written down. Try again later, with the same Idempotency-Key.")
