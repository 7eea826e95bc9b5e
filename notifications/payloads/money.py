"""Amounts of money: exact decimals inside, plain JSON numbers outside."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from notifications.payloads import limits
from notifications.payloads.numbers import exact
from notifications.payloads.problems import Refusal


def plain(amount: Decimal) -> int | float:
    """The JSON number: 4.95 stays 4.95, 75.00 becomes 75, which is equal."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _amount(number: object, *, least: int) -> Decimal:
    amount = exact(number)
    if amount < least:
        raise Refusal("too_small", limit=least)
    if amount > limits.AMOUNT.most:
        raise Refusal("too_large", limit=limits.AMOUNT.most)
    rounded = round(amount, limits.DECIMALS.most)
    if rounded != amount:
        raise Refusal("too_many_decimals", limit=limits.DECIMALS.most)
    return rounded


def _any_amount(number: object) -> Decimal:
    return _amount(number, least=-limits.AMOUNT.most)


def _amount_from_zero(number: object) -> Decimal:
    return _amount(number, least=0)


def _schema(least: int) -> dict[str, Any]:
    return {
        "type": "number",
        "minimum": least,
        "maximum": limits.AMOUNT.most,
        "description": f"At most {limits.DECIMALS.most} decimals.",
    }


# Always, not only for JSON: whoever dumps a message gets numbers, never strings.
_AsNumber = PlainSerializer(plain, return_type=int | float)

Amount = Annotated[Decimal, BeforeValidator(_any_amount), _AsNumber, WithJsonSchema(_schema(-limits.AMOUNT.most))]
AmountFromZero = Annotated[Decimal, BeforeValidator(_amount_from_zero), _AsNumber, WithJsonSchema(_schema(0))]
