"""The short way to what the tag asks for, a middleware: no session, no cookie, no language, no form is meant for it.

https and its headers remain on the way.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import get_resolver

PATHS = re.compile(r"/tag/")
URLS = "optins.urls"

Respond = Callable[[HttpRequest], HttpResponseBase]


class TagEdge:
    """Before all that is for browsers: those behind it never see the tag."""

    def __init__(self, get_response: Respond) -> None:
        self._elsewhere = get_response
        self._tag = _guarded(SecurityMiddleware(_guarded(_call)))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not PATHS.match(request.path_info):
            return self._elsewhere(request)
        response = self._tag(request)
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
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
