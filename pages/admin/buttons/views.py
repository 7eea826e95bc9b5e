"""The doors of buttons besides list and editor: the switch of a row, and the dry run."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pages.admin.base import actor_of, not_here
from pages.admin.buttons.dry_run import DryRunForm, results
from pages.admin.unfold import ModelAdmin
from pages.models import Button, Site
from pages.services import buttons

TEMPLATES = "admin/pages/button"


class ButtonViews(ModelAdmin[Button]):
    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: Any, name: str) -> URLPattern:
            made: URLPattern = path(route, self.admin_site.admin_view(view), name=f"pages_button_{name}")
            return made

        return [
            door("dry-run/", require_GET(self.dry_run_view), "dry_run"),
            door("<int:object_id>/switch/", require_POST(self.switch_view), "switch"),
            *super().get_urls(),
        ]

    def switch_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        button = Button.objects.select_related("site").filter(pk=object_id).first()
        if button is None:
            return not_here(self, request, str(object_id))
        on = bool(request.POST.get("on"))
        if buttons.switch(button=button, on=on, actor=actor_of(request), now=timezone.now()):
            said = _("“%(button)s” is switched on.") if on else _("“%(button)s” is switched off.")
            live = _("Visitors see it so within a minute.")
            self.message_user(request, f"{said % {'button': button}} {live}")
        return HttpResponseRedirect(_list_as_it_was(request))

    def dry_run_view(self, request: HttpRequest) -> HttpResponse:
        """Asks nothing of anybody and writes nothing, so its address can be sent to a colleague."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        sites = list(Site.objects.order_by("name", "sid"))
        asked = request.GET.get("site", "")
        site = next((one for one in sites if str(one.pk) == asked), sites[0] if sites else None)
        form = DryRunForm(request.GET, site=site) if site and "address" in request.GET else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Dry run"),
            "media": self.media,
            "sites": sites,
            "site": site,
            "form": form or (DryRunForm(site=site) if site else None),
            "results": results(form) if form and form.is_valid() else None,
        }
        return TemplateResponse(request, f"{TEMPLATES}/dry_run.html", context)


def _list_as_it_was(request: HttpRequest) -> str:
    """The list with its search, filters and page, as the switch was pressed in it."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    url = reverse("admin:pages_button_changelist")
    return f"{url}?{came_from.query}" if came_from.path == url and came_from.query else url
