"""The consent log, as it was written: nobody changes it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from optins.admin.consents import filters, people
from optins.admin.consents.file import LogFile
from optins.admin.consents.proof import proof_of
from optins.admin.filters import beginning_with
from optins.models import ConsentEvent
from pages.admin.base import LongList, ReadOnly, badge, in_the_zone, on_the_clock_of
from pages.admin.unfold import display


@admin.register(ConsentEvent)
class ConsentEventAdmin(LogFile, ReadOnly[ConsentEvent], LongList[ConsentEvent]):
    list_display = ("at", "what", "of", "on", "by")
    change_form_outer_after_template = "admin/optins/consentevent/proof.html"
    list_before_template = "admin/optins/consentevent/above_the_list.html"
    fields = ("what", "of", "on", "by")
    nothing_yet = _("Nobody has agreed or disagreed yet.")
    list_filter = (filters.KindFilter, filters.PageFilter, filters.SiteFilter, filters.DayFilter)
    list_filter_submit = True
    search_fields = ("optin__customer_id",)
    search_help_text = _("A customer_id, or its beginning")

    class Media:
        css = {"all": ("pages/button.css", "optins/consent.css")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentEvent]:
        events: QuerySet[ConsentEvent] = super().get_queryset(request)
        return events.select_related("optin__page", "actor", "recipient").defer("optin__page__token")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return beginning_with(queryset, search_term), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Its times on the clock by which its days are chosen."""
        response = super().changelist_view(request, extra_context)
        return in_the_zone(filters.zone_asked_for(request), response)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event: ConsentEvent = context["original"]
        context |= {"proof": proof_of(event), "event": event, "title": event.get_kind_display()}
        return on_the_clock_of(event.optin.page.site, super().render_change_form(request, context, *args, **kwargs))

    @display(description=_("event"))
    def what(self, event: ConsentEvent) -> str:
        return badge(event.kind, event.get_kind_display())

    @display(description=_("customer"))
    def of(self, event: ConsentEvent) -> SafeString:
        url = reverse("admin:optins_optin_change", args=[event.optin_id])
        return format_html('<a class="ma-link" href="{}">{}</a>', url, event.optin.customer_id)

    @display(description=_("page"))
    def on(self, event: ConsentEvent) -> str:
        return str(event.optin.page)

    @display(description=_("by"))
    def by(self, event: ConsentEvent) -> str:
        return people.who(event)
