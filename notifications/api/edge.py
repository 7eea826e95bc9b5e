"""The API's outer edge, a middleware: under its paths nothing answers with a page for people, whatever goes wrong.

What never reaches a call of the API, or breaks inside one, would be told in HTML: an address of nothing, a method that
is not offered, a host that is not ours, a mistake of ours.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from notifications.api.answers import answer
from notifications.api.envelope import ApiError

PATHS = re.compile(r"/(?:v1|social)(?:/|$)")

Respond = Callable[[HttpRequest], HttpResponse]


class ApiEdge:
    """The first of the middlewares, so that it sees what all others answer."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not PATHS.match(request.path_info) or _is_json(response):
            return response
        with translation.override(translation.get_language_from_request(request)):
            return _in_the_envelope(response)


def _is_json(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("application/json")


def _in_the_envelope(response: HttpResponse) -> HttpResponse:
    allow = response.headers.get("Allow")
    told = ApiError(response.status_code, _words(response.status_code), headers={"Allow": allow} if allow else {})
    language = {"Vary": "Accept-Language", "Content-Language": translation.get_language() or "en"}
    return answer(told.body(), status=told.status, headers=told.headers | language)


def _words(status: int) -> str:
    if status == 404:
        return _("There is nothing at this address.")
    if status == 405:
        return _("This address does not take this method; the header Allow names those it takes.")
    if status < 500:
        return _("This request can't be read as it is: look at its address, host and headers.")
    return _("Something broke on our side, and was written down. Try again later, with the same Idempotency-Key.")
