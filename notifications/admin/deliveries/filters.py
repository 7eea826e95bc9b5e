"""Narrowing the history: by state, by origin, and by day on the clock of the page's site."""

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.widgets import INPUT_CLASSES

from notifications.admin import times
from notifications.admin.lookups import by_pk
from notifications.models import Delivery
from notifications.states import DeliveryState, Origin
from pages.models import Page

PAGE_PARAMETER = "page__id__exact"
FROM, TO = "day_from", "day_to"


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


class DayForm(forms.Form):
    """Two days, by the browser's own picker."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        for name, label in ((FROM, _("From")), (TO, _("To"))):
            attrs = {"type": "date", "class": " ".join(INPUT_CLASSES), "aria-label": label}
            self.fields[name] = forms.DateField(label=label, required=False, widget=forms.DateInput(attrs=attrs))


class DayFilter(SimpleListFilter):
    """From one day to another, both included; read in the zone of the page's site when one page is chosen."""

    title = _("day")
    parameter_name = FROM
    template = "admin/notifications/delivery/day_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.zone = zone_asked_for(request)
        if TO in params:
            self.used_parameters[TO] = params.pop(TO)[-1]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [FROM, TO]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if first := self._day(FROM):
            queryset = queryset.filter(created_at__gte=times.midnight(first, self.zone))
        if last := self._day(TO):
            queryset = queryset.filter(created_at__lt=times.midnight(last + timedelta(days=1), self.zone))
        return queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield {"form": DayForm(dict(self.used_parameters)), "zone": str(self.zone)}

    def _day(self, parameter: str) -> date | None:
        """What is no day narrows nothing; the form says so beside it."""
        try:
            day = parse_date(str(self.used_parameters.get(parameter) or ""))
        except ValueError:
            return None
        return day if day and day < date.max else None


def zone_asked_for(request: HttpRequest) -> tzinfo:
    page = by_pk(Page.objects.all(), request.GET.get(PAGE_PARAMETER))
    return times.zone_of(page) if page else timezone.get_default_timezone()


def asks_for_days(request: HttpRequest) -> bool:
    return bool(request.GET.get(FROM) or request.GET.get(TO))
