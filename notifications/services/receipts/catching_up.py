"""Rows whose answer came after what Facebook told of them: they take up what was kept meanwhile."""

from collections.abc import Collection

from django.db.models import Q

from notifications.models import Delivery, Receipt
from notifications.services.receipts import watermarks
from notifications.services.receipts.settling import settle
from notifications.states import DeliveryState
from pages.models import Page, Thread
from pages.states import GatewayKind

# What a later receipt still moves.
SENT = (DeliveryState.SENT, DeliveryState.DELIVERED)


def catch_up(moved: Collection[tuple[int, int]]) -> None:
    """`moved` are pairs of delivery and page, by id. Call it in the transaction that moved them: they are locked then.

    A receipt or an echo that is processed at the same instant either waits for the rows and finds them moved, or was
    committed before this looks: it locks rows that are being sent too.
    """
    linked = Page.objects.filter(pk__in={page_pk for _pk, page_pk in moved}, gateway=GatewayKind.META)
    pages = set(linked.values_list("pk", flat=True)) if moved else set()
    if not pages:
        return
    rows = Delivery.objects.filter(pk__in=[pk for pk, page_pk in moved if page_pk in pages]).order_by("pk")
    found = list(rows.select_related("content"))
    receipts = Receipt.objects.exclude(parts_seen=0).in_bulk([row.pk for row in found])
    for row in found:
        if receipt := receipts.get(row.pk):
            settle(row, receipt)
    threads = _threads(found)
    if threads:
        watermarks.reach(list(rows.filter(pk__in=threads, state__in=SENT)), threads)


def _threads(rows: Collection[Delivery]) -> dict[int, Thread]:
    """By row, the conversation of its person where Facebook sent a receipt in it."""
    whose = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    told = whose.values_list("pk", "page_id", "thread__psid", "optin__recipient__psid")
    people = {pk: (page_id, of_thread or of_optin) for pk, page_id, of_thread, of_optin in told}
    marked = Thread.objects.filter(Q(delivered_to__isnull=False) | Q(read_to__isnull=False))
    pages, psids = {page_id for page_id, _psid in people.values()}, {psid for _page, psid in people.values() if psid}
    found = {(thread.page_id, thread.psid): thread for thread in marked.filter(page__in=pages, psid__in=psids)}
    return {pk: found[person] for pk, person in people.items() if person in found}
