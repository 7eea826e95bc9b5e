"""Today's numbers. Each is read from a tally or from a bounded number of rows, whatever the ledger's size."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.models import Delivery, Tally
from notifications.states import DeliveryState
from optins.models import ConsentEvent, ConsentKind

# Rows looked at, newest first; a busier day reads "1,000+".
NEWEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    label: str | Promise
    value: str
    hint: str | Promise = ""


def today(request: HttpRequest, *, now: datetime) -> list[Number]:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    shown: list[Number] = []
    if request.user.has_perm("notifications.view_campaign"):
        shown += _of_campaigns(midnight)
    if request.user.has_perm("notifications.view_delivery"):
        shown.append(_single_messages(midnight))
    if request.user.has_perm("optins.view_optin"):
        shown.append(_agreements(midnight))
    return shown


def _of_campaigns(midnight: datetime) -> list[Number]:
    sums = Tally.objects.filter(campaign__launched_at__gte=midnight).aggregate(
        left=Sum(F("sent") + F("delivered") + F("read"), default=0), failed=Sum("failed", default=0)
    )
    hint = _("by campaigns launched today")
    return [
        Number(label=pgettext_lazy("messages", "Sent"), value=_said(sums["left"]), hint=hint),
        Number(label=pgettext_lazy("messages", "Failed"), value=_said(sums["failed"]), hint=hint),
    ]


def _single_messages(midnight: datetime) -> Number:
    """Served by delivery_by_campaign, whose rows without a campaign lie together, by state, newest first."""
    newest = Delivery.objects.filter(campaign=None, state=DeliveryState.SENT)
    return Number(
        label=_("Single messages"),
        value=_since(newest, "created_at", midnight),
        hint=_("sent through the API or as a test, today"),
    )


def _agreements(midnight: datetime) -> Number:
    given = ConsentEvent.objects.filter(kind__in=(ConsentKind.GRANTED, ConsentKind.RENEWED))
    return Number(label=_("Agreements"), value=_since(given, "at", midnight), hint=_("given or renewed today"))


def _since(rows: QuerySet[Any], field: str, moment: datetime) -> str:
    """How many of the newest rows are not older than `moment`."""
    times = rows.order_by("-id").values_list(field, flat=True)[:NEWEST]
    count = sum(1 for time in times if time >= moment)
    return f"{_said(count)}+" if count == NEWEST else _said(count)


def _said(count: int) -> str:
    return number_format(count, force_grouping=True)
