"""Narrowing the lists of opt-ins and of the consent log."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from optins import customer_ids
from optins.models import ConsentEvent, ConsentKind, OptIn
from optins.querysets import OptInQuerySet


class ConflictFilter(admin.SimpleListFilter):
    """Ids that a second person presented, and was refused."""

    title = _("conflict")
    parameter_name = "conflict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("A second person claimed it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        claimed = ConsentEvent.objects.filter(kind=ConsentKind.CONFLICT).values("optin")
        return queryset.filter(pk__in=claimed) if self.value() == "yes" else queryset


def beginning_with(rows: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Opt-ins, or rows of opt-ins, whose customer_id is `term` or begins with it, to the letter.

    The index optin_by_customer answers. A term that can't be an id finds nothing.
    """
    if not term.strip():
        return rows
    try:
        prefix = customer_ids.parse(term)
    except customer_ids.CustomerIdError:
        return rows.none()
    if isinstance(rows, OptInQuerySet):
        return rows.with_prefix(prefix)
    return rows.filter(optin__in=OptIn.objects.with_prefix(prefix))
