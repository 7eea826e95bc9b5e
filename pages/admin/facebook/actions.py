"""What a person does about a page linked through Facebook: reconnect it, have it checked, let it send again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pages.admin.base import actor_of, not_here, question
from pages.admin.facebook import adding, choosing, way
from pages.admin.facebook.panel import said
from pages.admin.unfold import ModelAdmin
from pages.models import Page
from pages.services import health
from pages.services.incidents import release_page
from pages.services.standing import standing
from pages.states import GatewayKind, PageState


class FacebookActions(ModelAdmin[Page]):
    """Mixed into the admin of pages; its panel on the page's screen has the buttons."""

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        own: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
            "facebook/": (adding.begin, "facebook"),
            "facebook/choose/": (choosing.choose, "facebook_choose"),
            "<path:object_id>/reconnect/": (self.reconnect, "reconnect"),
            "<path:object_id>/check/": (require_POST(self.look_now), "check"),
            "<path:object_id>/resume/": (self.resume, "resume"),
        }
        doors = [path(route, inside(view), name=f"pages_page_{name}") for route, (view, name) in own.items()]
        return [*doors, *super().get_urls()]

    def reconnect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._with(request, object_id, self._reconnect)

    def look_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._with(request, object_id, self._look)

    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._with(request, object_id, self._resume)

    def _with(
        self, request: HttpRequest, object_id: str, act: Callable[[HttpRequest, Page], HttpResponse]
    ) -> HttpResponse:
        """What `act` answers, or the answer for a page that has no business with Facebook."""
        way.require_right(request)
        page = self.get_object(request, object_id)
        if page is None:
            return not_here(self, request, object_id)
        if page.gateway != GatewayKind.META or page.open_link is None:
            self.message_user(request, _("This page is not linked through Facebook."), messages.WARNING)
            return _page_of(page)
        return act(request, page)

    def _reconnect(self, request: HttpRequest, page: Page) -> HttpResponse:
        if request.method == "POST":
            return way.go(request, page=page)
        title, template = _("Reconnect this page?"), "admin/pages/facebook/reconnect.html"
        return way.leads_to_facebook(request, question(self, request, page, template=template, title=title))

    def _look(self, request: HttpRequest, page: Page) -> HttpResponse:
        now = timezone.now()
        health.check(page, now)
        page.refresh_from_db(fields=["state"])
        found = standing(page, now)
        level = messages.ERROR if found.stops else messages.SUCCESS
        self.message_user(
            request, _("Facebook was asked. The page's state: %(state)s.") % {"state": said(found)}, level
        )
        return _page_of(page)

    def _resume(self, request: HttpRequest, page: Page) -> HttpResponse:
        incident = page.incidents.filter(closed_at=None).first()
        if page.state == PageState.ON_HOLD and request.method != "POST":
            title, template = _("Let this page send again?"), "admin/pages/facebook/resume.html"
            return question(self, request, page, template=template, title=title, incident=incident)
        if request.method == "POST" and release_page(page=page, actor=actor_of(request), now=timezone.now()):
            self.message_user(request, _("%(page)s sends again.") % {"page": page.name}, messages.SUCCESS)
        else:
            self.message_user(request, _("This page is not on hold."), messages.WARNING)
        return _page_of(page)


def _page_of(page: Page) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
