"""The receipt template. Pure. Messenger Platform, "Receipt template" (April 2026)."""

from collections.abc import Mapping
from typing import Any

from messenger_admin.sandbox.messenger.checks import shapes
from messenger_admin.sandbox.messenger.refusals import refused

MAX_ITEMS = 100
MAX_WORDS = 1_000
REQUIRED = ("recipient_name", "order_number", "currency", "payment_method")
ADDRESS = ("street_1", "city", "postal_code", "state", "country")
SUMS = ("subtotal", "shipping_cost", "total_tax")


def check(payload: Mapping[str, Any]) -> None:
    for name in REQUIRED:
        shapes.text(payload, name, most=MAX_WORDS, where="payload.")
    if len(payload["currency"]) != 3:
        raise refused(100, 0, "Param payload.currency must be an ISO 4217 code")
    shapes.optional(payload, "merchant_name", most=MAX_WORDS, where="payload.")
    _timestamp(payload)
    _summary(shapes.mapping(payload.get("summary"), "payload.summary"))
    for item in shapes.items(payload.get("elements", []), "elements", most=MAX_ITEMS):
        shapes.text(item, "title", most=MAX_WORDS, where="elements.")
        shapes.amount(item, "price", where="elements.")
    for adjustment in shapes.items(payload.get("adjustments", []), "adjustments", most=MAX_ITEMS):
        shapes.text(adjustment, "name", most=MAX_WORDS, where="adjustments.")
        shapes.amount(adjustment, "amount", where="adjustments.")
    if payload.get("address") is not None:
        _address(shapes.mapping(payload["address"], "payload.address"))


def _summary(summary: Mapping[str, Any]) -> None:
    shapes.amount(summary, "total_cost", where="summary.")
    for name in SUMS:
        if summary.get(name) is not None:
            shapes.amount(summary, name, where="summary.")


def _address(address: Mapping[str, Any]) -> None:
    for name in ADDRESS:
        shapes.text(address, name, most=MAX_WORDS, where="address.")
    if len(address["country"]) != 2:
        raise refused(100, 0, "Param address.country must have two letters")


def _timestamp(payload: Mapping[str, Any]) -> None:
    """Seconds, written as a string."""
    value = payload.get("timestamp")
    if value is not None and not (isinstance(value, str) and value.isdecimal()):
        raise refused(100, 0, "Param payload.timestamp must be seconds in a string")
