"""The consent log, as it was written: nobody changes it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from optins.admin import filters
from optins.models import ConsentEvent
from pages.admin.base import LongList, ReadOnly, badge, on_the_clock_of
from pages.admin.unfold import display


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnly[ConsentEvent], LongList[ConsentEvent]):
    list_display = ("at", "what", "of", "on", "by")
    change_form_outer_after_template = "messenger_admin/clock.html"
    fields = ("at", "what", "of", "on", "by", "evidence")
    nothing_yet = _("Nobody has agreed or disagreed yet.")
    list_filter = ("kind",)
    search_fields = ("optin__customer_id",)
    search_help_text = _("A customer_id, or its beginning")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentEvent]:
        events: QuerySet[ConsentEvent] = super().get_queryset(request)
        return events.select_related("optin__page", "actor", "recipient").defer("optin__page__token")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return filters.beginning_with(queryset, search_term), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event: ConsentEvent = context["original"]
        return on_the_clock_of(event.optin.page.site, super().render_change_form(request, context, *args, **kwargs))

    @display(description=_("event"))
    def what(self, event: ConsentEvent) -> str:
        return badge(event.kind, event.get_kind_display())

    @display(description=_("customer"))
    def of(self, event: ConsentEvent) -> str:
        url = reverse("admin:optins_optin_change", args=[event.optin_id])
        return format_html('<a class="ma-link" href="{}">{}</a>', url, event.optin.customer_id)

    @display(description=_("page"))
    def on(self, event: ConsentEvent) -> str:
        return str(event.optin.page)

    @display(description=_("by"))
    def by(self, event: ConsentEvent) -> str:
        return who(event)


def who(event: ConsentEvent) -> str:
    """Whoever acted: one of the staff, the person on the page, or nobody that is known."""
    if event.actor:
        return event.actor.get_username()
    return f"PSID {event.recipient.psid}" if event.recipient else "–"
