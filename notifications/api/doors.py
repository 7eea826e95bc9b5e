"""The API as one object: its calls, its documentation, and what each kind of trouble answers."""

import json
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.renderers import BaseRenderer

from notifications.api import access, bodies
from notifications.api.envelope import ApiError, Fault


class Json(BaseRenderer):
    media_type = "application/json"
    charset = "utf-8"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return json.dumps(data, ensure_ascii=False, default=str)


api = NinjaAPI(
    title="Messenger Admin",
    version="1",
    openapi_url="/documentation/definition.json",
    docs_url="/documentation/",
    urls_namespace="api",
    renderer=Json(),
)


def told(request: HttpRequest, error: ApiError) -> HttpResponse:
    response = api.create_response(request, error.body(), status=error.status)
    for name, value in error.headers.items():
        response[name] = value
    return response


@api.exception_handler(ApiError)
def refused(request: HttpRequest, error: ApiError) -> HttpResponse:
    return told(request, error)


@api.exception_handler(AuthenticationError)
def without_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return told(request, access.unauthorized())


@api.exception_handler(ValidationError)
def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Query parameters and path; bodies are judged by bodies.py."""
    faults = [Fault(field=bodies.place(one["loc"][1:]), code=one["type"], message=one["msg"]) for one in error.errors]
    return told(request, ApiError(400, _("A part of the address can't be accepted as it is."), faults=faults))


@api.exception_handler(Http404)
def nothing_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return told(request, ApiError(404, _("There is nothing at this address.")))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing was taken: what has no row was never answered with 202."""
    away = ApiError(503, _("Not taken: the database is away for a moment. Try again."), headers={"Retry-After": "2"})
    return told(request, away)
