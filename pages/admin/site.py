"""Sites: each by its SID, with its page today and the pages it had before."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pages.admin.base import KeepsHistory, on_the_clock_of
from pages.admin.forms import SiteForm
from pages.admin.histories import history
from pages.admin.unfold import display
from pages.models import Link, Site


@admin.register(Site)
class SiteAdmin(KeepsHistory[Site]):
    form = SiteForm
    fields = ("sid", "name", "timezone")
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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        site: Site | None = context.get("original")
        context |= {"links_of": "site", "links": history(Link.objects.filter(site=site)) if site else None}
        return on_the_clock_of(site, super().render_change_form(request, context, *args, **kwargs))
