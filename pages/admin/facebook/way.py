"""To Facebook's dialog and back: what both doors (adding pages, reconnecting one) share."""

from typing import Any, cast
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pages.admin.base import actor_of
from pages.admin.facebook.troubles import TOLD
from pages.graph.login import dialog_url
from pages.models import Page
from pages.services import logins
from pages.services.logins import LoginFailed, Trouble

NEEDED = ("pages.link_page", "pages.set_token")


def may_connect(request: HttpRequest) -> bool:
    return request.user.has_perms(NEEDED)


def require_right(request: HttpRequest) -> None:
    if not may_connect(request):
        raise PermissionDenied


def return_to() -> str:
    """Where Facebook sends people back to; the app's settings there have to name it."""
    return str(settings.PUBLIC_URL) + reverse("facebook_return")


def go(request: HttpRequest, *, page: Page | None = None) -> HttpResponse:
    """Begins a login and sends the browser to Facebook's dialog."""
    try:
        _login, state = logins.begin(
            user=actor_of(request), session_key=session_key(request), now=timezone.now(), page=page
        )
    except LoginFailed as failed:
        return explain(request, failed, page=page)
    # Who reconnects a page may have left something out the last time; Facebook asks for it only when told to.
    choose_again = page is not None or bool(request.POST.get("again"))
    return HttpResponseRedirect(dialog_url(state=state, return_to=return_to(), choose_again=choose_again))


def session_key(request: HttpRequest) -> str:
    return request.session.session_key or ""


def explain(request: HttpRequest, failed: LoginFailed, *, page: Page | None = None) -> HttpResponse:
    """A page that says what became of the login, with the way out."""
    told = TOLD[failed.trouble]
    context = {"told": told, "words": failed.words, "page": page, "begin": _begin(failed.trouble, page)}
    return render(request, "admin/pages/facebook/trouble.html", context, title=_("Login with Facebook"), told=told)


def _begin(trouble: Trouble, page: Page | None) -> str:
    if trouble is Trouble.USED and page is None:
        return reverse("admin:pages_page_facebook_choose")
    return reverse("admin:pages_page_reconnect", args=[page.pk]) if page else reverse("admin:pages_page_facebook")


def render(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, told: Any = None
) -> HttpResponse:
    whole = {
        **admin.site.each_context(request),
        "opts": Page._meta,
        "title": title,
        "back": reverse("admin:pages_page_changelist"),
        **context,
    }
    return TemplateResponse(request, template, whole, status=told.status if told else 200)


def leads_to_facebook(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page's form ends at Facebook's dialog, which its policy would forbid: browsers follow the redirect."""
    parts = urlsplit(settings.FACEBOOK_URL)
    allow = csp_update({"form-action": [f"{parts.scheme}://{parts.netloc}"]})

    def answer(_request: HttpRequest) -> HttpResponse:
        return response

    return cast("HttpResponse", allow(answer)(request))
