"""Who calls: a token in a header, or in the address as the guide has it; what it may do, and how often."""

import math
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import APIKeyHeader, APIKeyQuery, HttpBearer
from ninja.security.base import AuthBase

from notifications.api.envelope import ApiError
from pages.models import Page
from pages.scopes import Scope
from pages.services import api_tokens, rate_limits
from pages.services.api_tokens import Access

MOST_DIGITS = 32  # of a page id


class _Token(AuthBase):
    """`at_dispatch`: the operation's own statement asks again whether the token holds, so it may come from memory."""

    def __init__(self, scope: Scope, *, at_dispatch: bool) -> None:
        super().__init__()
        self.scope = scope
        self.find = api_tokens.find_cached if at_dispatch else api_tokens.find

    def admitted(self, secret: str | None) -> Access | None:
        """The secret's access, or None where there is no secret. Raises ApiError 401, 403 or 429."""
        if not secret:
            return None
        now = timezone.now()
        access = self.find(secret, now=now)
        if access is None:
            raise unauthorized()
        if self.scope not in access.scopes:
            raise ApiError(403, _("This token lacks the scope %(scope)s.") % {"scope": self.scope.value})
        wait = rate_limits.allow(access, now=now)
        if wait:
            raise throttled(access, wait)
        return access


class BearerToken(_Token, HttpBearer):
    def __call__(self, request: HttpRequest) -> Access | None:
        # From the environment that the server hands over: `request.headers` would first spell every name of it anew.
        scheme, _space, secret = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        return self.admitted(secret) if scheme.lower() == "bearer" else None

    def authenticate(self, request: HttpRequest, token: str) -> Access | None:
        return self.admitted(token)


class HeaderToken(_Token, APIKeyHeader):
    param_name = "X-API-Key"

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.META.get("HTTP_X_API_KEY")

    def authenticate(self, request: HttpRequest, key: str | None) -> Access | None:
        return self.admitted(key)


class AddressToken(_Token, APIKeyQuery):
    """The guide's form. Addresses are kept by whatever stands between, so its use is flagged."""

    param_name = "access_token"

    def authenticate(self, request: HttpRequest, key: str | None) -> Access | None:
        access = self.admitted(key)
        if access:
            api_tokens.note_query_string(access, now=timezone.now())
        return access


def token(scope: Scope, *, at_dispatch: bool = False) -> list[Any]:
    """The ways to bring a token, for `auth=` of an operation."""
    return [form(scope, at_dispatch=at_dispatch) for form in (BearerToken, HeaderToken, AddressToken)]


def unauthorized() -> ApiError:
    return ApiError(
        401,
        _("Give a valid token: as Authorization: Bearer, as X-API-Key, or as access_token in the address."),
        headers={"WWW-Authenticate": "Bearer"},
    )


def throttled(access: Access, wait: float) -> ApiError:
    """`wait` is in seconds."""
    return ApiError(
        429,
        _("Slow down: this token may make %(rate)s requests a second.") % {"rate": access.requests_per_second},
        headers={"Retry-After": str(math.ceil(wait))},
    )


def access_of(request: HttpRequest) -> Access:
    access = getattr(request, "auth", None)
    if not isinstance(access, Access):
        raise unauthorized()
    return access


def page_of(request: HttpRequest, page_id: str) -> Page:
    """The page, where the caller's token opens it. Raises ApiError 403 or 404."""
    check_page_id(page_id)
    page = Page.objects.defer("token").filter(page_id=page_id).first()
    if page is None:
        raise unknown_page(page_id)
    if not api_tokens.may_use(access_of(request), page):
        raise other_page(page_id)
    return page


def check_page_id(page_id: str) -> None:
    """Raises ApiError 404 for what no page can be called; PostgreSQL would not take every such text."""
    if not (page_id.isascii() and page_id.isdigit() and len(page_id) <= MOST_DIGITS):
        raise ApiError(404, _("There is no such page here: a page id is a series of digits."))


def unknown_page(page_id: str) -> ApiError:
    return ApiError(404, _("There is no page %(id)s here.") % {"id": page_id})


def other_page(page_id: str) -> ApiError:
    return ApiError(403, _("This token does not open the page %(id)s.") % {"id": page_id})
