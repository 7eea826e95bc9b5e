"""What a message would meet if it were sent now; nothing is stored."""

import json
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.api.orders import refusal
from notifications.models import Lease
from notifications.payloads import compiled
from notifications.payloads.utility import Choice, parse_choice_json
from notifications.reasons import Reason
from notifications.services import deliveries
from notifications.services.reach import right_of
from notifications.services.refusing import Order, refusal_of
from notifications.states import Route
from notifications.words import reason_words
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
    route = right_of(optin=optin, choice=_choice(order), now=now)
    if isinstance(route, Reason):
        obstacles.append({"field": "customer_id", "code": route.value, "message": reason_words(route)})
    return {
        "would_be_sent": not obstacles,
        "right": _right(optin, route),
        "when": None if obstacles else _when(optin.page, now),
        "obstacles": obstacles,
        "body": _filled(order, values, route),
    }


def _choice(order: Order) -> Choice | None:
    return parse_choice_json(order.utility) if order.utility else None


def _right(optin: OptIn, route: Route | Reason | None) -> str:
    """The agreement, and Facebook's own right where it asks for one."""
    agreed = _("Opt-in given on %(day)s") % {"day": date_format(optin.agreed_at, "DATE_FORMAT")}
    return f"{agreed} · {route.label}" if isinstance(route, Route) else agreed


def _filled(order: Order, values: dict[str, Any], route: Route | Reason | None) -> Any:
    if route is Route.UTILITY:
        return {"utility": json.loads(compiled(order.utility).fill(values).body)}
    return json.loads(compiled(order.body).fill(values).body)


def _when(page: Page, now: datetime) -> datetime:
    """Transactional rows go before campaigns: a rest is all they wait for."""
    rests_until = Lease.objects.filter(pk=page.pk).values_list("rest_until", flat=True).first()
    return max(now, rests_until) if rests_until else now
