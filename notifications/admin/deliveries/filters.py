"""Narrowing the history: by state, by origin, and by day on the clock of the page's site."""

from datetime import tzinfo
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from notifications.admin import times
from notifications.admin.lookups import by_pk
from notifications.models import Delivery
from notifications.states import DeliveryState, Origin
from pages.admin import days
from pages.models import Page

PAGE_PARAMETER = "page__id__exact"


class StateFilter(DropdownFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DeliveryState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class OriginFilter(DropdownFilter):
    """What comes from no campaign lies together in the index by campaign."""

    title = _("origin")
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Origin.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if not self.value():
            return queryset
        return queryset.filter(origin=self.value(), campaign__isnull=self.value() != Origin.CAMPAIGN)


class DayFilter(days.DayFilter):
    """Read in the zone of the page's site when one page is chosen."""

    template = "admin/notifications/delivery/day_filter.html"
    column = "created_at"

    def zone_asked_for(self, request: HttpRequest) -> tzinfo:
        return zone_asked_for(request)


def zone_asked_for(request: HttpRequest) -> tzinfo:
    page = by_pk(Page.objects.all(), request.GET.get(PAGE_PARAMETER))
    return times.zone_of(page) if page else timezone.get_default_timezone()


def asks_for_days(request: HttpRequest) -> bool:
    return bool(request.GET.get(days.FROM) or request.GET.get(days.TO))
