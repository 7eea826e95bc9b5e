"""A receipt whose sums don't balance is accepted, and said."""

from typing import Any

import pytest

from notifications.payloads import parse, warnings_of
from tests.notifications.payloads.findings import line, receipt, warned
from tests.support import guide

SUBTOTAL = "attachment.payload.summary.subtotal"
TOTAL = "attachment.payload.summary.total_cost"


def test_the_guides_receipt_balances_since_a_price_is_that_of_the_whole_line() -> None:
    codes = {warning.code for warning in warnings_of(parse(guide.body("receipt")))}
    assert codes == {"http"}


@pytest.mark.parametrize(
    ("summary", "more"),
    [
        ({"total_cost": 5}, {}),
        ({"subtotal": 10, "total_cost": 10}, {}),
        ({"subtotal": 10, "total_cost": 10}, {"elements": [line(price=7.5), line(price=2.5)]}),
        ({"total_cost": 10}, {"elements": [line(price=7.5), line(price=2.5)]}),
        ({"subtotal": 0.3, "total_cost": 0.3}, {"elements": [line(price=0.1), line(price=0.2)]}),
        ({"subtotal": 10, "shipping_cost": 4.95, "total_tax": 2.05, "total_cost": 17}, {}),
        ({"subtotal": 10, "total_cost": 7.5}, {"adjustments": [{"name": "Coupon", "amount": 2.5}]}),
        ({"subtotal": 10, "total_cost": 12.5}, {"adjustments": [{"name": "Gift wrap", "amount": -2.5}]}),
    ],
)
def test_sums_that_balance_are_no_warning(summary: dict[str, float], more: dict[str, Any]) -> None:
    assert warned(receipt(summary=summary, **more)) == []


@pytest.mark.parametrize(
    ("summary", "more", "warnings"),
    [
        ({"subtotal": 10, "total_cost": 11}, {}, [(TOTAL, "total")]),
        ({"subtotal": 10, "shipping_cost": 1, "total_cost": 10}, {}, [(TOTAL, "total")]),
        ({"subtotal": 9, "total_cost": 9}, {"elements": [line()]}, [(SUBTOTAL, "subtotal")]),
        ({"subtotal": 9, "total_cost": 10}, {"elements": [line()]}, [(SUBTOTAL, "subtotal"), (TOTAL, "total")]),
        ({"total_cost": 9}, {"elements": [line()]}, [(TOTAL, "total")]),
        ({"subtotal": 30, "total_cost": 30}, {"elements": [line(quantity=3)]}, [(SUBTOTAL, "unit_prices")]),
        (
            {"subtotal": 10, "total_cost": 12.5},
            {"adjustments": [{"name": "Coupon", "amount": 2.5}]},
            [(TOTAL, "total")],
        ),
    ],
)
def test_sums_that_do_not_balance_are_warnings(
    summary: dict[str, float], more: dict[str, Any], warnings: list[tuple[str, str]]
) -> None:
    assert warned(receipt(summary=summary, **more)) == warnings


def test_the_warning_tells_both_amounts() -> None:
    [warning] = warnings_of(parse(receipt(summary={"subtotal": 75, "total_cost": 56.14})))
    assert warning.english() == "Subtotal, shipping and tax less the adjustments make 75.00, not this total of 56.14."
