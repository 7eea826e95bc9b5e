"""Whose deliveries a receipt is about."""

from django.db.models import Q

from notifications.models import Delivery
from notifications.querysets import DeliveryQuerySet
from optins.models import OptIn
from pages.models import Page, Thread


def deliveries_of(*, page: Page, psid: str, thread: Thread | None) -> DeliveryQuerySet:
    """Of one person on a page: what went to an agreement of theirs, and the replies in their conversation."""
    agreed = list(OptIn.objects.filter(recipient__page=page, recipient__psid=psid).values_list("pk", flat=True))
    whose = Q(optin__in=agreed) | (Q(thread=thread) if thread else Q(pk__in=[]))
    rows: DeliveryQuerySet = Delivery.objects.filter(whose, page=page)
    return rows


def is_of(delivery: Delivery, *, psid: str, thread: Thread | None) -> bool:
    if thread and delivery.thread_id == thread.pk:
        return True
    agreed = OptIn.objects.filter(recipient__psid=psid, recipient__page=delivery.page_id)
    return bool(delivery.optin_id) and agreed.filter(pk=delivery.optin_id or 0).exists()
