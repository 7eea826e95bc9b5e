"""An agreement to one message ends with that message, in the transaction that says that it left."""

from collections.abc import Collection

from django.db.models import F
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import LEFT
from optins.models import OptIn
from optins.services import use_up as end
from optins.states import OptInState


def use_up(deliveries: Collection[int]) -> None:
    """`deliveries` are ids of messages that went out. One that was made before the person agreed anew counts for
    nothing.
    """
    if not deliveries:
        return
    found = Delivery.objects.filter(pk__in=list(deliveries), state__in=LEFT).filter(
        optin__used_up=True, optin__state=OptInState.ACTIVE, created_at__gte=F("optin__agreed_at")
    )
    for pk, optin_pk in found.order_by("optin").values_list("pk", "optin"):
        end(optin=OptIn.objects.get(pk=optin_pk), now=timezone.now(), evidence={"delivery": pk})
