"""Narrowing Facebook's events: by state, kind and page, each answered by an index."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from pages.admin import webhook_words
from pages.models import Page, WebhookEvent
from pages.models.webhook import EventState
from pages.states import GatewayKind

# More pages than somebody chooses from; the search takes the id of any.
MOST_PAGES = 500


class StateFilter(DropdownFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(EventState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindFilter(DropdownFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return webhook_words.ALL_KINDS

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class PageFilter(DropdownFilter):
    title = gettext_lazy("page")
    parameter_name = "page_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        pages = Page.objects.filter(gateway=GatewayKind.META).order_by("name", "page_id")
        return list(pages.values_list("page_id", "name")[:MOST_PAGES])

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:
        return queryset.filter(page_id=self.value()) if self.value() else queryset
