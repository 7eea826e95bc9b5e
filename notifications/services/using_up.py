"""An agreement to one message ends with that message, in the transaction that says that it left."""

from collections.abc import Collection

from django.db.models import F, Q
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import LEFT, DeliveryState
from optins.models import OptIn
from optins.services import use_up as end
from optins.states import OptInState


def use_up(deliveries: Collection[int]) -> None:
    """`deliveries` are ids of messages that went out, or a part of them. What began to leave before the person agreed
    anew counts for nothing.
    """
    if not deliveries:
        return
    left = Q(state__in=LEFT) | Q(state=DeliveryState.FAILED, parts_sent__gt=0)
    found = Delivery.objects.filter(left, pk__in=list(deliveries)).filter(
        optin__used_up=True, optin__state=OptInState.ACTIVE, dispatch_started_at__gte=F("optin__agreed_at")
    )
    for pk, optin_pk in found.order_by("optin").values_list("pk", "optin"):
        end(optin=OptIn.objects.get(pk=optin_pk), now=timezone.now(), evidence={"delivery": pk})
