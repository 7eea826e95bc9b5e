"""The product with a door behind which everything goes wrong, and says as much about it as it can."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from messenger_admin.wsgi import application

__all__ = ["application", "urlpatterns"]

logger = logging.getLogger(__name__)


def broken(request: HttpRequest) -> HttpResponse:
    address = request.get_full_path()
    logger.warning("Asked for %s with %s", address, dict(request.headers))
    try:
        raise ValueError(address)
    except ValueError as error:
        logger.exception("It did not go well")
        raise RuntimeError(address, request.headers) from error


settings.ROOT_URLCONF = __name__
urlpatterns = [path("broken", broken), path("", include("messenger_admin.urls"))]
