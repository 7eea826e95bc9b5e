"""Narrowing the list of opt-ins."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from optins.models import ConsentEvent, ConsentKind


class ConflictFilter(admin.SimpleListFilter):
    """Ids that a second person presented, and was refused."""

    title = _("conflict")
    parameter_name = "conflict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("A second person claimed it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        claimed = ConsentEvent.objects.filter(kind=ConsentKind.CONFLICT).values("optin")
        return queryset.filter(pk__in=claimed) if self.value() == "yes" else queryset
