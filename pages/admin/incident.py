"""What keeps a page from sending: open ones first. Mended where it happened, on the page."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from pages.admin.base import LongList, ReadOnly, badge, on_the_clock_of
from pages.admin.unfold import display
from pages.models import Incident
from pages.way_out import way_out


class OpenFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("closed", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(closed_at__isnull=self.value() == "open") if self.value() else queryset


@admin.register(Incident)
class IncidentAdmin(ReadOnly[Incident], LongList[Incident]):
    list_display = ("what", "on", "state", "opened_at", "closed_at")
    change_form_outer_after_template = "messenger_admin/clock.html"
    fields = ("on", "kind", "detail", "what_to_do", "opened_at", "closed_at")
    list_filter = (OpenFilter, "kind")
    nothing_yet = _("No incident: every page may send.")
    ordering = (F("closed_at").desc(nulls_first=True), "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        return super().get_queryset(request).select_related("page").defer("page__token")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        incident: Incident = context["original"]
        return on_the_clock_of(incident.page.site, super().render_change_form(request, context, *args, **kwargs))

    @display(description=_("incident"))
    def what(self, incident: Incident) -> str:
        return incident.get_kind_display()

    @display(description=_("page"))
    def on(self, incident: Incident) -> str:
        url = reverse("admin:pages_page_change", args=[incident.page_id])
        return format_html('<a class="ma-link" href="{}">{}</a>', url, incident.page)

    @display(description=_("state"))
    def state(self, incident: Incident) -> str:
        return badge("closed", _("Closed")) if incident.closed_at else badge("open", _("Open"))

    @display(description=_("what to do"))
    def what_to_do(self, incident: Incident) -> Any:
        if incident.closed_at:
            return _("Nothing: it is mended.")
        return way_out(incident.kind, gateway=incident.page.gateway)
