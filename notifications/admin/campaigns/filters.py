"""Narrowing the list of campaigns to those that wait for somebody."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notifications.admin.halts import WAITING
from notifications.models import Campaign


class NeedsAPerson(SimpleListFilter):
    title = _("needs a person")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Stands still by itself"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> QuerySet[Campaign]:
        return queryset.exclude(halt="").filter(state__in=WAITING) if self.value() == "yes" else queryset
