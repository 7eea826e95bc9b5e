"""Narrowing the log: by event, page and site, and by day on the clock of the site."""

from datetime import tzinfo
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from optins.models import ConsentEvent, ConsentKind
from pages.admin import days
from pages.models import Link, Page, Site

PAGE, SITE = "page", "site"
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


class DayFilter(days.DayFilter):
    template = "admin/optins/consentevent/day_filter.html"
    column = "at"

    def zone_asked_for(self, request: HttpRequest) -> tzinfo:
        return zone_asked_for(request)


def zone_asked_for(request: HttpRequest) -> tzinfo:
    """The site's that was chosen, or of the chosen page; else the product's own."""
    site, page = request.GET.get(SITE, ""), request.GET.get(PAGE, "")
    if _is_key(site) and (found := Site.objects.filter(pk=int(site)).first()):
        return found.zone
    chosen = Page.objects.defer("token").filter(pk=int(page)).first() if _is_key(page) else None
    return chosen.site.zone if chosen and chosen.site else timezone.get_default_timezone()
