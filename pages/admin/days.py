"""Narrowing a list by day: from one to another, both included, on a clock that is said beside it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES

FROM, TO = "day_from", "day_to"


class DayForm(forms.Form):
    """Two days, by the browser's own picker."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        for name, label in ((FROM, _("From")), (TO, _("To"))):
            attrs = {"type": "date", "class": " ".join(INPUT_CLASSES), "aria-label": label}
            self.fields[name] = forms.DateField(label=label, required=False, widget=forms.DateInput(attrs=attrs))


class DayFilter(SimpleListFilter):
    """By the time in `column`, on the clock that `zone_asked_for` names."""

    title = _("day")
    parameter_name = FROM
    column: ClassVar[str]

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.zone = self.zone_asked_for(request)
        if TO in params:
            self.used_parameters[TO] = params.pop(TO)[-1]

    def zone_asked_for(self, request: HttpRequest) -> tzinfo:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [FROM, TO]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if first := self._day(FROM):
            queryset = queryset.filter(**{f"{self.column}__gte": midnight(first, self.zone)})
        if last := self._day(TO):
            queryset = queryset.filter(**{f"{self.column}__lt": midnight(last + timedelta(days=1), self.zone)})
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


def midnight(on: date, zone: tzinfo) -> datetime:
    """The first instant of a day in `zone`."""
    return datetime.combine(on, time.min, tzinfo=zone)
