"""Narrowing the log: by event, page and site, and by day on the clock of the site."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.widgets import INPUT_CLASSES

from optins.models import ConsentEvent, ConsentKind
from pages.models import Link, Page, Site

PAGE, SITE, FROM, TO = "page", "site", "day_from", "day_to"
# More than somebody chooses from; the search takes any customer_id.
MOST = 500
# Digits of the largest id that a database holds for certain.
LONGEST = 18


class KindFilter(DropdownFilter):
    title = _("event")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ConsentKind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class PageFilter(DropdownFilter):
    title = _("page")
    parameter_name = PAGE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Page.objects.values_list("pk", "name").order_by("name")[:MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
        return _narrowed(queryset, self.value(), lambda pk: Q(optin__page=pk))


class SiteFilter(DropdownFilter):
    """The site that the page belonged to when it happened: a page may have moved since."""

    title = _("site")
    parameter_name = SITE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Site.objects.values_list("pk", "name").order_by("name")[:MOST]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
        return _narrowed(queryset, self.value(), _of_site)


def _of_site(pk: int) -> Q:
    then = Q(closed_at=None) | Q(closed_at__gt=OuterRef("at"))
    belonged = Link.objects.filter(then, site=pk, page=OuterRef("optin__page"), opened_at__lte=OuterRef("at"))
    # The pages first, of which a site has few: what they are asked for comes by their opt-ins.
    return Q(Exists(belonged), optin__page__in=list(Link.objects.filter(site=pk).values_list("page", flat=True)))


def _narrowed(rows: QuerySet[ConsentEvent], raw: str | None, condition: Any) -> QuerySet[ConsentEvent]:
    """What names nothing finds nothing."""
    if not raw:
        return rows
    return rows.filter(condition(int(raw))) if _is_key(raw) else rows.none()


def _is_key(raw: str) -> bool:
    return raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST


class DayForm(forms.Form):
    """Two days, by the browser's own picker."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        for name, label in ((FROM, _("From")), (TO, _("To"))):
            attrs = {"type": "date", "class": " ".join(INPUT_CLASSES), "aria-label": label}
            self.fields[name] = forms.DateField(label=label, required=False, widget=forms.DateInput(attrs=attrs))


class DayFilter(SimpleListFilter):
    """From one day to another, both included."""

    title = _("day")
    parameter_name = FROM
    template = "admin/optins/consentevent/day_filter.html"

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

    def queryset(self, request: HttpRequest, queryset: QuerySet[ConsentEvent]) -> QuerySet[ConsentEvent]:
        if first := self._day(FROM):
            queryset = queryset.filter(at__gte=_midnight(first, self.zone))
        if last := self._day(TO):
            queryset = queryset.filter(at__lt=_midnight(last + timedelta(days=1), self.zone))
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


def _midnight(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time.min, tzinfo=zone)


def zone_asked_for(request: HttpRequest) -> tzinfo:
    """The site's that was chosen, or of the chosen page; else the product's own."""
    site, page = request.GET.get(SITE, ""), request.GET.get(PAGE, "")
    if _is_key(site) and (found := Site.objects.filter(pk=int(site)).first()):
        return found.zone
    chosen = Page.objects.defer("token").filter(pk=int(page)).first() if _is_key(page) else None
    return chosen.site.zone if chosen and chosen.site else timezone.get_default_timezone()
