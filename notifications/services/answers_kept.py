"""Which of the API's kept answers tell of a customer."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from notifications.models import Delivery, KeptAnswer
from notifications.services.forgetting import KEPT_FOR
from optins.models import OptIn


def naming(*, optin: OptIn, customer_id: str, now: datetime) -> QuerySet[KeptAnswer]:
    """Those that were given when its deliveries were asked for, and those that name the id, in either language."""
    made = Delivery.objects.filter(optin=optin, api_token__isnull=False, created_at__gt=now - KEPT_FOR)
    asked_for = Q(created_at__in=list(made.values_list("created_at", flat=True)))
    return KeptAnswer.objects.filter(asked_for | _quoting(customer_id))


def naming_id(customer_id: str) -> QuerySet[KeptAnswer]:
    """Those to batches, of which a message to an id that nobody agreed under was refused by name."""
    return KeptAnswer.objects.filter(_quoting(customer_id))


def _quoting(customer_id: str) -> Q:
    named = Q()
    for quoted in (json.dumps(customer_id, ensure_ascii=False), f"“{customer_id}”", f"«\u00a0{customer_id}\u00a0»"):
        named |= Q(body__contains=quoted)
    return named


def is_about(answer: Mapping[str, Any], delivery_pks: Collection[int]) -> bool:
    """Whether what was answered is one of these deliveries, and nothing else."""
    data = answer["body"]["data"]
    return isinstance(data, dict) and data.get("id") in delivery_pks
