"""Where the documentation is read, by anybody: it holds nothing secret, and the guide's was public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from notifications.api.documentation.definition import definition


def _etag(_request: HttpRequest) -> str:
    return definition()[1]


@require_safe
@condition(etag_func=_etag)
def as_openapi(request: HttpRequest) -> HttpResponse:
    """Asked for again each time, and sent again when it is another."""
    return HttpResponse(definition()[0], content_type="application/json", headers={"Cache-Control": "no-cache"})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "documentation/page.html")
