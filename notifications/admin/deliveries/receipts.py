"""What Facebook told of a delivery besides its answer, as moments of its life; each says where it comes from."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin.deliveries.events import Event
from notifications.models import Delivery, Receipt


def told(delivery: Delivery) -> Iterator[Event]:
    receipt = Receipt.objects.filter(delivery=delivery.pk).first()
    if receipt is None:
        return
    if receipt.seen_at:
        yield Event(at=receipt.seen_at, title=_seen_words(receipt), tone="good", details=(_echo_words(),))
    if receipt.delivered_at:
        words = _("Facebook’s receipt: everything sent to the person until then reached a device.")
        yield Event(at=receipt.delivered_at, title=_("Delivered"), tone="good", details=(words,))
    if receipt.read_at:
        words = _("Facebook’s receipt: the person has seen everything sent until then.")
        yield Event(at=receipt.read_at, title=_("Read"), tone="good", details=(words,))


def _seen_words(receipt: Receipt) -> str:
    if receipt.whole:
        return _("It stands in the conversation")
    count = receipt.parts_seen
    return ngettext(
        "Its first part stands in the conversation", "Its first %(count)d parts stand in the conversation", count
    ) % {"count": count}


def _echo_words() -> str:
    return _("Facebook’s echo shows it; the time is by Facebook’s clock.")
