"""*Add pages from Facebook*: what will happen, the way to the dialog, and the way back from it."""

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pages.admin.base import actor_of
from pages.admin.facebook import way
from pages.admin.facebook.permissions import words_of
from pages.graph.login import is_set_up
from pages.models import FacebookLogin
from pages.services import connecting, logins, subscribing
from pages.services.logins import LoginFailed, Trouble


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Says what is asked for before anybody leaves for Facebook."""
    way.require_right(request)
    if not is_set_up():
        return way.explain(request, LoginFailed(Trouble.NOT_SET_UP))
    if request.method == "POST":
        return way.go(request)
    context = {"permissions": [] if settings.FACEBOOK_CONFIG_ID else words_of(settings.FACEBOOK_SCOPES)}
    page = way.render(request, "admin/pages/facebook/begin.html", context, title=_("Add pages from Facebook"))
    return way.leads_to_facebook(request, page)


@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    """Where Facebook sends the browser, with a code or with an error."""
    if not admin.site.has_permission(request):
        messages.warning(request, _("You were logged out meanwhile. Log in, and begin again."))
        return HttpResponseRedirect(f"{reverse('admin:login')}?next={reverse('admin:pages_page_facebook')}")
    way.require_right(request)
    login: FacebookLogin | None = None
    try:
        login = _claimed(request)
        return _brought_back(request, login)
    except LoginFailed as failed:
        return way.leads_to_facebook(request, way.explain(request, failed, page=login.page if login else None))


def _claimed(request: HttpRequest) -> FacebookLogin:
    state, key = request.GET.get("state", ""), way.session_key(request)
    return logins.take_back(state=state, user=actor_of(request), session_key=key, now=timezone.now())


def _brought_back(request: HttpRequest, login: FacebookLogin) -> HttpResponse:
    now, code = timezone.now(), request.GET.get("code", "")
    if not code:
        logins.end(login, now=now)
        raise _without_a_code(request)
    logins.collect(login=login, code=code, return_to=way.return_to(), now=now)
    if login.page:
        return _reconnected(request, login)
    return HttpResponseRedirect(reverse("admin:pages_page_facebook_choose"))


def _without_a_code(request: HttpRequest) -> LoginFailed:
    """Facebook Login, "Handling canceled logins"."""
    if request.GET.get("error_reason") == "user_denied":
        return LoginFailed(Trouble.CANCELLED)
    said = request.GET.get("error_description") or request.GET.get("error_message") or request.GET.get("error") or ""
    return LoginFailed(Trouble.REFUSED, said[:500])


def _reconnected(request: HttpRequest, login: FacebookLogin) -> HttpResponse:
    assert login.page  # noqa: S101  (asked by the caller)
    actor, now = actor_of(request), timezone.now()
    page = connecting.reconnect(login=login, page=login.page, actor=actor, now=now)
    if problem := subscribing.open_up(page=page, actor=actor, now=now):
        text = _("%(page)s has a new token, but Facebook does not send us its events yet: %(problem)s")
        messages.error(request, text % {"page": page.name, "problem": problem})
    else:
        messages.success(request, _("%(page)s is connected again. What waited goes on.") % {"page": page.name})
    return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
