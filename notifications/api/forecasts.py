"""What a message would meet if it were sent now; nothing is stored."""

import json
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.api.orders import refusal
from notifications.models import Lease
from notifications.payloads import compiled
from notifications.services import deliveries
from notifications.services.refusing import Order, refusal_of
from optins.models import OptIn
from pages.models import Page


def forecast(order: Order, *, now: datetime) -> dict[str, Any]:
    """Raises ApiError for what would not be taken."""
    refused = refusal_of(order, now=now)
    if refused is not None:
        raise refusal(refused, order)
    optin = OptIn.objects.select_related("page").get(page__page_id=order.page_id, customer_id=order.customer_id)
    problem = deliveries.page_problem(optin.page)
    obstacles = [{"field": "page_id", "code": problem.code, "message": str(problem)}] if problem else []
    values = {**optin.attributes, **(order.personal or {})}
    return {
        "would_be_sent": not obstacles,
        "right": _("Opt-in given on %(day)s") % {"day": date_format(optin.agreed_at, "DATE_FORMAT")},
        "when": None if obstacles else _when(optin.page, now),
        "obstacles": obstacles,
        "body": _filled(order, values),
    }


def _filled(order: Order, values: dict[str, Any]) -> Any:
    return json.loads(compiled(order.body).fill(values).body)


def _when(page: Page, now: datetime) -> datetime:
    """Transactional rows go before campaigns: a rest is all they wait for."""
    rests_until = Lease.objects.filter(pk=page.pk).values_list("rest_until", flat=True).first()
    return max(now, rests_until) if rests_until else now
