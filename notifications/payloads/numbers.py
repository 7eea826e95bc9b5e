"""Numbers as JSON means them: 2.0 is whole, true is no number, and a text of digits is a text."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from notifications.payloads import limits
from notifications.payloads.problems import Refusal


def exact(number: object) -> Decimal:
    """The decimal that a JSON number was written as; a float knows it by its shortest form."""
    # bool is an int to Python, not to JSON.
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        raise Refusal("not_number")
    decimal = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not decimal.is_finite():
        raise Refusal("number_out_of_range")
    return decimal


def _whole(number: object) -> int:
    try:
        decimal = exact(number)
    except Refusal:
        raise Refusal("not_whole_number") from None
    # Compared before it becomes an int: 1e999999999 would take all memory.
    if decimal < limits.QUANTITY.least:
        raise Refusal("too_small", limit=limits.QUANTITY.least)
    if decimal > limits.QUANTITY.most:
        raise Refusal("too_large", limit=limits.QUANTITY.most)
    if decimal != decimal.to_integral_value():
        raise Refusal("not_whole_number")
    return int(decimal)


Quantity = Annotated[int, Field(ge=limits.QUANTITY.least, le=limits.QUANTITY.most), BeforeValidator(_whole)]
