"""The short way to the webhook's address, a middleware: sessions, cookies, languages and forms are for browsers.

https and its headers remain on the way. Facebook follows no redirect, so the address holds with and without its slash.
"""

import re
from collections.abc import Callable
from typing import Any, cast

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware

from pages.webhooks.endpoint import facebook_webhook

PATHS = re.compile(r"/webhooks/facebook/?")

Respond = Callable[[HttpRequest], HttpResponseBase]


class WebhookEdge:
    """The first of the middlewares: those behind it never see a webhook."""

    def __init__(self, get_response: Respond) -> None:
        self._elsewhere = get_response
        self._webhooks = _guarded(SecurityMiddleware(_guarded(facebook_webhook)))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self._webhooks if PATHS.fullmatch(request.path_info) else self._elsewhere)(request)


def _guarded(inner: Any) -> Respond:
    """What it raises becomes an answer, as between any two middlewares."""
    respond: Any = convert_exception_to_response(inner)
    return cast(Respond, respond)
