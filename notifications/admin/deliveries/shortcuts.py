"""The lists that support opens most, above the history."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from notifications.models import Delivery
from notifications.states import DeliveryState


def shortcuts(request: HttpRequest) -> list[dict[str, Any]]:
    """The lists that support opens most, the first with how many wait; nothing is counted past a hundred."""
    url, chosen = reverse("admin:notifications_delivery_changelist"), request.GET.get("state", "")
    waiting = Delivery.objects.filter(state=DeliveryState.UNKNOWN).order_by("-id")[:100].count()
    counted = "99+" if waiting > 99 else str(waiting or "")
    states = (DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.QUEUED, DeliveryState.SENT)
    return [
        {"label": pgettext("deliveries", "All"), "url": url, "active": not request.GET, "count": ""},
        *(
            {
                "label": state.label,
                "url": f"{url}?state={state.value}",
                "active": chosen == state.value,
                "count": counted if state is DeliveryState.UNKNOWN else "",
            }
            for state in states
        ),
    ]
