"""What became of a message, as the API tells it."""

import json
from typing import Any

from notifications.models import Attempt, Content, Delivery
from notifications.services import personalising
from notifications.states import DeliveryState, Route
from notifications.words import detail_words, reason_advice, reason_words

# The states that a receipt leads to.
_BY_RECEIPT = frozenset({DeliveryState.DELIVERED, DeliveryState.READ})


def link_to(delivery_id: int) -> str:
    return f"/v1/messages/{delivery_id}"


def tell(delivery: Delivery) -> dict[str, Any]:
    """A row of a list; `delivery` has its page and opt-in with it."""
    return {
        "id": delivery.pk,
        "_link": link_to(delivery.pk),
        "page_id": delivery.page.page_id,
        "customer_id": delivery.whom,
        "state": delivery.state,
        "reason": _reason(delivery),
        "origin": delivery.origin,
        "campaign_id": delivery.campaign_id,
        "created_at": delivery.created_at,
        "due_at": delivery.due_at if delivery.state == DeliveryState.QUEUED else None,
        "useful_until": delivery.expires_at,
        "sent_at": delivery.sent_at,
        "ended_at": delivery.ended_at,
        "receipts": _receipts(delivery),
    }


def tell_whole(delivery: Delivery) -> dict[str, Any]:
    """One message, with its tries and its body."""
    return {**tell(delivery), "attempts": [_attempt(one) for one in delivery.tries.all()], "body": _body(delivery)}


def _reason(delivery: Delivery) -> dict[str, str] | None:
    if not delivery.reason:
        return None
    return {
        "code": delivery.reason,
        "message": reason_words(delivery.reason),
        "advice": reason_advice(delivery.reason),
        "detail": detail_words(delivery.reason, delivery.detail),
    }


def _receipts(delivery: Delivery) -> dict[str, bool | None]:
    """A gateway that reports none leaves a message at `sent`: that says neither that it arrived nor that it did not."""
    known = delivery.state in _BY_RECEIPT
    return {
        "known": known,
        "delivered": True if known else None,
        "read": delivery.state == DeliveryState.READ if known else None,
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "started_at": attempt.started_at,
        "milliseconds": attempt.milliseconds,
        "outcome": attempt.outcome,
        "reason": attempt.reason or None,
        "status_code": attempt.status_code,
    }


def _body(delivery: Delivery) -> Any:
    if delivery.route == Route.UTILITY:
        choice = personalising.words_sent(Content(body=delivery.content.utility), delivery.personal)
        return None if choice is None else {"utility": json.loads(choice)}
    body = personalising.words_sent(delivery.content, delivery.personal)
    return None if body is None else json.loads(body)
