"""The echo of a message of ours: which part of which delivery certainly left, and when by Facebook's clock."""

from django.conf import settings

from notifications.gateway.meta import metadata
from notifications.gateway.meta.parts import DISCLOSURE
from notifications.models import Delivery, Installation, Receipt
from notifications.services.installation import THE_ONE
from notifications.services.receipts import watermarks
from notifications.services.receipts.catching_up import SENT
from notifications.services.receipts.people import is_of
from notifications.services.receipts.settling import parts_of, settle
from notifications.states import Origin
from pages.events import Echoed
from pages.models import Page, Thread, ThreadMessage
from pages.models.thread import Writer


def note(*, page: Page, thread: Thread | None, event: Echoed) -> None:
    """Keeps what it proves, and settles what was in doubt. Call it in a transaction."""
    mark = _mark(event)
    if mark is None:
        return
    rows = Delivery.objects.filter(pk=mark.delivery_id, page=page)
    delivery = rows.select_related("content").select_for_update(of=("self",), no_key=True).first()
    # Every application that listens to the page sees our metadata: it has to fit the conversation it came in.
    if delivery is None or not is_of(delivery, psid=event.psid, thread=thread):
        return
    if mark.part == DISCLOSURE:
        _disclosed(thread, event)
    elif mark.part < parts_of(delivery):
        _left(delivery, thread, event, part=mark.part)


def _disclosed(thread: Thread | None, event: Echoed) -> None:
    """The person read it, whatever became of the answer to it. Of the message behind it this tells nothing."""
    if thread:
        Thread.objects.filter(pk=thread.pk, disclosed_at=None).update(disclosed_at=event.at)


def _left(delivery: Delivery, thread: Thread | None, event: Echoed, *, part: int) -> None:
    settle(delivery, _kept(delivery, event, part=part))
    if thread and delivery.origin == Origin.REPLY:
        # The mirror of the conversation knows nothing of deliveries, and took it for a notification.
        told = ThreadMessage.objects.filter(thread=thread, mid=event.mid)
        told.update(writer=Writer.AGENT, author=delivery.requested_by_id)
    if thread:
        rows = Delivery.objects.filter(pk=delivery.pk, state__in=SENT)
        watermarks.reach(list(rows), {delivery.pk: thread})


def _mark(event: Echoed) -> metadata.Mark | None:
    """Of this installation and this application alone: others write to the same people."""
    mark = metadata.read(event.metadata)
    if mark is None or event.app_id not in ("", settings.FACEBOOK_APP_ID):
        return None
    ours = Installation.objects.filter(pk=THE_ONE).values_list("uuid", flat=True).first()
    return mark if mark.installation == ours else None


def _kept(delivery: Delivery, event: Echoed, *, part: int) -> Receipt:
    """Parts leave in their order: the highest that was seen tells of those before it."""
    receipt, _made = Receipt.objects.get_or_create(delivery=delivery)
    if part + 1 > receipt.parts_seen:
        receipt.parts_seen, receipt.mid, receipt.seen_at = part + 1, event.mid[:255], event.at
        receipt.whole = part + 1 == parts_of(delivery)
        receipt.save(update_fields=["parts_seen", "mid", "seen_at", "whole"])
    return receipt
