"""The API as one object: its calls, its documentation, and what each kind of trouble answers."""

from typing import Any, cast

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.renderers import BaseRenderer

from notifications.api import access
from notifications.api.answers import answer, as_json
from notifications.api.documentation import words
from notifications.api.envelope import ApiError
from notifications.api.explaining import faults_of


class Json(BaseRenderer):
    media_type = "application/json"
    charset = "utf-8"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return as_json(data)


class Api(NinjaAPI):
    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """None is laid out: each operation answers with a response of its own, and one that gave data would fail."""
        return cast(HttpResponse, None)


api = Api(
    title="Messenger Admin API",
    version="1",
    description=words.INTRODUCTION,
    servers=[{"url": "/", "description": "This installation"}],
    openapi_extra={"tags": [{"name": name, "description": said} for name, said in words.TAGS.items()]},
    # The documentation has addresses of its own: documentation/urls.py.
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    renderer=Json(),
)


def told(error: ApiError) -> HttpResponse:
    return answer(error.body(), status=error.status, headers=error.headers)


@api.exception_handler(ApiError)
def refused(request: HttpRequest, error: ApiError) -> HttpResponse:
    return told(error)


@api.exception_handler(AuthenticationError)
def without_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return told(access.unauthorized())


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Query parameters and path; bodies are judged by bodies.py."""
    # The first step of a place says whether it is the path or the query.
    faults = list(faults_of({**one, "loc": one["loc"][1:]} for one in error.errors))
    return told(ApiError(400, faults[0].message, faults=faults))


@api.exception_handler(Http404)
def nothing_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return told(ApiError(404, _("There is nothing at this address.")))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """No 202 without a committed row; but a commit may have been heard by the database alone."""
    words = _(
        "The database is away for a moment. Try again, with the same Idempotency-Key: then nothing is sent twice."
    )
    return told(ApiError(503, words, headers={"Retry-After": "2"}))
