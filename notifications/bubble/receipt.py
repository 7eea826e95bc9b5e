"""A receipt as Messenger lays it out: what was bought, how it was paid, where it goes, what it came to."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from notifications.bubble.reading import mapping, mappings, web_address, words

# Beyond any amount that a person could be asked for.
LARGEST = Decimal(10) ** 15

# Where an address is written "city, state postal code"; elsewhere the postal code comes first.
CITY_FIRST = frozenset({"US", "CA", "AU"})


def receipt(payload: Mapping[str, Any]) -> dict[str, Any]:
    currency = words(payload.get("currency"))
    return {
        "merchant": words(payload.get("merchant_name")),
        "recipient": words(payload.get("recipient_name")),
        "number": words(payload.get("order_number")),
        "href": web_address(payload.get("order_url")),
        "moment": moment(payload.get("timestamp")),
        "payment": words(payload.get("payment_method")),
        "items": [_item(element, currency) for element in mappings(payload.get("elements"))],
        "address": _address(mapping(payload.get("address"))),
        "sums": _sums(mapping(payload.get("summary")), mappings(payload.get("adjustments")), currency),
        "total": money(mapping(payload.get("summary")).get("total_cost"), currency),
    }


def money(value: object, currency: str) -> str:
    """`value` in the reader's language and the receipt's currency; nothing where there is no amount."""
    text = words(value)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    if not amount.is_finite() or abs(amount) >= LARGEST or amount != round(amount, get_currency_precision(currency)):
        return f"{text} {currency}".strip()  # formatting would round it, or write digits that nobody reads
    return format_currency(amount, currency, locale=_locale())


def moment(value: object) -> datetime | None:
    """Facebook's timestamp: seconds since 1970, written as a string."""
    try:
        return datetime.fromtimestamp(int(words(value)), tz=timezone.get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


def _locale() -> Locale:
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _item(element: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "title": words(element.get("title")),
        "subtitle": words(element.get("subtitle")),
        "quantity": words(element.get("quantity")),
        "price": money(element.get("price"), words(element.get("currency")) or currency),
        "has_image": bool(element.get("image_url")),
        "src": web_address(element.get("image_url")),
    }


def _address(address: Mapping[str, Any]) -> list[str]:
    street_1, street_2, city, code, state, country = (
        words(address.get(key)) for key in ("street_1", "street_2", "city", "postal_code", "state", "country")
    )
    if country in CITY_FIRST:
        place = [", ".join(filter(None, [city, f"{state} {code}".strip()]))]
    else:
        place = [f"{code} {city}".strip(), state]
    return [line for line in (street_1, street_2, *place, country) if line.strip()]


def _sums(summary: Mapping[str, Any], adjustments: list[Mapping[str, Any]], currency: str) -> list[tuple[str, str]]:
    """The rows above the total, in the order in which they add up to it."""
    named = [
        (_("Subtotal"), summary.get("subtotal")),
        (_("Shipping"), summary.get("shipping_cost")),
        (_("Tax"), summary.get("total_tax")),
    ]
    rows = [(label, money(value, currency)) for label, value in named if words(value)]
    return rows + [(words(item.get("name")), f"−{money(item.get('amount'), currency)}") for item in adjustments]
