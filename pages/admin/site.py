"""Sites: each by its SID, with its page today and the pages it had before."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from pages.admin.base import KeepsHistory, actor_of, on_the_clock_of
from pages.admin.histories import history
from pages.admin.site_form import SiteForm, line_of
from pages.admin.unfold import display
from pages.models import Link, Site
from pages.services.buttons import site_changed

# What the tag is told of the site itself, beside its clock.
TOLD = ("origins", "privacy_url", "custom_data")


@admin.register(Site)
class SiteAdmin(KeepsHistory[Site]):
    form = SiteForm
    list_display = ("name", "sid", "page_today", "timezone")
    sortable_by = ()
    search_fields = ("name", "sid")
    search_help_text = _("Name or SID")
    change_form_outer_after_template = "admin/pages/links.html"
    nothing_yet = _("No site yet. A site is a shop, known by its SID; its Facebook page is linked to it next.")
    instead = _("Its name can be changed, and its page can be unlinked.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        links = Link.objects.open().select_related("page").defer("page__token")
        return super().get_queryset(request).prefetch_related(Prefetch("links", links, to_attr="open_links"))

    @display(description=_("page"))
    def page_today(self, site: Site) -> str:
        links: list[Link] = getattr(site, "open_links", [])
        if not links:
            return "–"
        url = reverse("admin:pages_page_change", args=[links[0].page_id])
        return format_html('<a class="ma-link" href="{}">{}</a>', url, links[0].page)

    # --- What the tag is told ---------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Site | None = None) -> Any:
        """Who may not change it reads lines, not JSON."""
        reads = obj is not None and not self.has_change_permission(request, obj)
        told = ("origins_said", "privacy_url", "custom_data_said") if reads else TOLD
        return (
            (None, {"fields": ("sid", "name", "timezone")}),
            (_("On the shop’s pages"), {"fields": told}),
        )

    @display(description=_("addresses of the shop"))
    def origins_said(self, site: Site) -> str:
        return _by_line(site.origins)

    @display(description=_("custom data"))
    def custom_data_said(self, site: Site) -> str:
        return _by_line([line_of(datum) for datum in site.custom_data])

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:  # noqa: FBT001  (Django's signature)
        super().save_model(request, obj, form, change)
        told = (*TOLD, "timezone") if change else TOLD
        changed = {name: getattr(obj, name) for name in told if name in form.changed_data}
        if changed:
            site_changed(site=obj, actor=actor_of(request), now=timezone.now(), **changed)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        site: Site | None = context.get("original")
        context |= {"links_of": "site", "links": history(Link.objects.filter(site=site)) if site else None}
        return on_the_clock_of(site, super().render_change_form(request, context, *args, **kwargs))


def _by_line(texts: list[str]) -> SafeString | str:
    return format_html_join(mark_safe("<br>"), "{}", ((text,) for text in texts)) if texts else "–"
