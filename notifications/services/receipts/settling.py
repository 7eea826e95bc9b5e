"""What an echo proves: the part that it names certainly left."""

from typing import Any

from notifications.gateway.meta import parts
from notifications.models import Delivery, Receipt
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.states import DeliveryState, Route

D = DeliveryState
# A person or the policy took it for sent; now it is known.
BY_DECISION = frozenset({Reason.TREATED_AS_SENT, Reason.TREATED_AS_SENT_BY_POLICY})
# Where an answer was lost or lied. What a pump is sending is left to the pump.
OPEN = frozenset({D.UNKNOWN, D.QUEUED, D.FAILED})


def parts_of(delivery: Delivery) -> int:
    """A utility template is one; so is what was erased meanwhile, of which nobody knows."""
    if delivery.route == Route.UTILITY or not delivery.content.body:
        return 1
    return parts.count(delivery.content.body)


def settle(delivery: Delivery, receipt: Receipt) -> None:
    """Brings a locked row to what its echoes prove.

    A message that waits to be tried again is not: it arrived. Of one whose last part nobody saw, the parts that went
    out are never repeated, and a doubt about the rest stays one.
    """
    if receipt.whole:
        _sent(delivery, receipt)
    elif delivery.state in OPEN and receipt.parts_seen > delivery.parts_sent:
        Delivery.objects.filter(pk=delivery.pk).update(parts_sent=receipt.parts_seen)


def _sent(delivery: Delivery, receipt: Receipt) -> None:
    known: dict[str, Any] = {
        "reason": Reason.SETTLED_BY_FACEBOOK,
        "detail": "",
        "sent_at": receipt.seen_at,
        "ended_at": receipt.seen_at,
        "provider_message_id": receipt.mid,
        "parts_sent": receipt.parts_seen,
    }
    if delivery.state == D.SENT and delivery.reason in BY_DECISION:
        Delivery.objects.filter(pk=delivery.pk, state=D.SENT).update(**known)
    elif delivery.state == D.QUEUED:
        ledger.move_ids([delivery.pk], D.UNKNOWN, frm=D.QUEUED)
        ledger.move_ids([delivery.pk], D.SENT, frm=D.UNKNOWN, **known)
    elif delivery.state in OPEN:
        ledger.move_ids([delivery.pk], D.SENT, frm=delivery.state, **known)
