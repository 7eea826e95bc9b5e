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
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.api.answers import CONTENT_TYPE, answer
from notifications.api.envelope import ApiError

PATHS = re.compile(r"/(?:v1|social)(?:/|$)")

Respond = Callable[[HttpRequest], HttpResponseBase]

# What remains on the way, outermost first: https and its headers, the language, and whether the host is ours.
NEEDED = (SecurityMiddleware, LocaleMiddleware, CommonMiddleware)


class ApiEdge:
    """The first of the middlewares: those behind it never see a call."""

    def __init__(self, get_response: Respond) -> None:
        self._elsewhere = get_response
        self._calls = _guarded(_call)
        for middleware in reversed(NEEDED):
            self._calls = _guarded(middleware(self._calls))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not PATHS.match(request.path_info):
            return self._elsewhere(request)
        response = self._calls(request)
        if response.status_code < 400 or response.headers.get("Content-Type") == CONTENT_TYPE:
            return response
        with translation.override(translation.get_language_from_request(request)):
            return _in_the_envelope(response)


def _guarded(inner: Any) -> Respond:
    """What it raises becomes an answer, as between any two middlewares."""
    respond: Any = convert_exception_to_response(inner)
    return cast(Respond, respond)


def _call(request: HttpRequest) -> HttpResponseBase:
    match = request.resolver_match = get_resolver().resolve(request.path_info)
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


def _in_the_envelope(response: HttpResponseBase) -> HttpResponse:
    allow = response.headers.get("Allow")
    told = ApiError(response.status_code, _words(response.status_code), headers={"Allow": allow} if allow else {})
    found = answer(told.body(), status=told.status, headers=told.headers)
    language = {"Vary": "Accept-Language", "Content-Language": translation.get_language() or "en"}
    for name, value in {**language, "Content-Length": str(len(found.content))}.items():
        found[name] = value
    return found


def _words(status: int) -> str:
    if status == 404:
        return _("There is nothing at this address.")
    if status == 405:
        return _("This address does not take this method; the header Allow names those it takes.")
    if status < 500:
        return _("This request can't be read as it is: look at its address, host and headers.")
    return _("Something broke on our side, and was written down. Try again later, with the same Idempotency-Key.")
