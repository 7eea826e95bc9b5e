"""The kind receipt: the confirmation of an order, with its lines and its sums."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from notifications.payloads import limits
from notifications.payloads.lists import counted, listed
from notifications.payloads.money import Amount, AmountFromZero
from notifications.payloads.numbers import Quantity
from notifications.payloads.parts import Part, Prose, Words
from notifications.payloads.problems import Problem, Refusal, problem, under
from notifications.payloads.urls import WebUrl, http_warning

KIND: Final = "receipt"

# ISO 4217, ISO 3166, and seconds since 1970 in a string, as the receipt template wants them.
_CURRENCY = "[A-Z]{3}"
_COUNTRY = "[A-Za-z]{2}"
_TIMESTAMP = "[0-9]{1,12}"


def _matches(pattern: str, code: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise Refusal(code)
        return text

    return check


Currency = Annotated[
    str, AfterValidator(_matches(_CURRENCY, "currency")), Field(json_schema_extra={"pattern": f"^{_CURRENCY}$"})
]
Country = Annotated[
    str, AfterValidator(_matches(_COUNTRY, "country")), Field(json_schema_extra={"pattern": f"^{_COUNTRY}$"})
]
Timestamp = Annotated[
    str, AfterValidator(_matches(_TIMESTAMP, "timestamp")), Field(json_schema_extra={"pattern": f"^{_TIMESTAMP}$"})
]


class Line(Part):
    """One line of the order. `price` is that of the whole line, whatever the quantity."""

    title: Words
    subtitle: Prose | None = None
    quantity: Quantity | None = None
    price: AmountFromZero
    currency: Currency | None = None
    image_url: WebUrl | None = None


Lines = Annotated[tuple[Line, ...], listed(limits.RECEIPT_LINES), counted(limits.RECEIPT_LINES)]


class Address(Part):
    """Where the order goes."""

    street_1: Words
    street_2: Prose | None = None
    city: Words
    postal_code: Words
    state: Words
    country: Country


class Summary(Part):
    """The sums of the order."""

    subtotal: AmountFromZero | None = None
    shipping_cost: AmountFromZero | None = None
    total_tax: AmountFromZero | None = None
    total_cost: AmountFromZero


class Adjustment(Part):
    """What is taken off the total; the amount of a discount is positive."""

    name: Words
    amount: Amount


class ReceiptPayload(Part):
    """`order_number` is unique among the page's receipts; `timestamp` is in seconds since 1970, as a string."""

    template_type: Literal["receipt"]
    recipient_name: Words
    merchant_name: Prose | None = None
    order_number: Words
    currency: Currency
    payment_method: Words
    order_url: WebUrl | None = None
    timestamp: Timestamp | None = None
    elements: Lines | None = None
    address: Address | None = None
    summary: Summary
    adjustments: Annotated[tuple[Adjustment, ...], Field(strict=False)] | None = None
    sharable: bool | None = None


def warnings_of(payload: ReceiptPayload, path: str) -> Iterator[Problem]:
    yield from http_warning(payload.order_url, under(path, "order_url"))
    for index, line in enumerate(payload.elements or ()):
        place = under(under(path, "elements"), index)
        yield from http_warning(line.image_url, under(place, "image_url"))
        if line.currency not in {None, payload.currency}:
            yield problem(under(place, "currency"), "other_currency", line=line.currency, receipt=payload.currency)
    yield from _sums(payload, under(path, "summary"))


def _sums(payload: ReceiptPayload, path: str) -> Iterator[Problem]:
    """Facebook does not say that it checks them; the customer will."""
    summary = payload.summary
    lines = sum((line.price for line in payload.elements), Decimal()) if payload.elements else None
    if lines is not None and summary.subtotal not in {None, lines}:
        code = "unit_prices" if summary.subtotal == _by_the_piece(payload) else "subtotal"
        yield problem(under(path, "subtotal"), code, lines=lines, subtotal=summary.subtotal)
    before = lines if summary.subtotal is None else summary.subtotal
    if before is None:
        return
    extra = (summary.shipping_cost or 0) + (summary.total_tax or 0)
    expected = before + extra - sum(adjustment.amount for adjustment in payload.adjustments or ())
    if expected != summary.total_cost:
        yield problem(under(path, "total_cost"), "total", expected=expected, total=summary.total_cost)


def _by_the_piece(payload: ReceiptPayload) -> Decimal:
    return sum((line.price * (line.quantity or 1) for line in payload.elements or ()), Decimal())
