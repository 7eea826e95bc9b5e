"""Amounts: exact inside, plain numbers outside."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import parse, parse_json
from tests.notifications.payloads.findings import found, problems_of_json, receipt

TOTAL = "attachment.payload.summary.total_cost"


def with_total(literal: str) -> str:
    return json.dumps(receipt(summary={"total_cost": "@"})).replace('"@"', literal)


def written(literal: str) -> str:
    text = parse_json(with_total(literal)).as_json()
    return text.rpartition('"total_cost":')[2].removesuffix("}}}}")


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("4.95", "4.95"),
        ("75.00", "75"),
        ("75", "75"),
        ("0", "0"),
        ("0.0", "0"),
        ("-0.0", "0"),
        ("0.10", "0.1"),
        ("495e-2", "4.95"),
        ("1e3", "1000"),
        ("4.950000000000000000000000000", "4.95"),
        ("999999999999", "999999999999"),
        ("999999999998.99", "999999999998.99"),
    ],
)
def test_a_number_is_written_as_a_plain_number_of_the_same_value(literal: str, expected: str) -> None:
    assert written(literal) == expected


@pytest.mark.parametrize(
    ("literal", "code"),
    [
        ("4.951", "too_many_decimals"),
        ("4.9500000000000000000000000001", "too_many_decimals"),
        ("1e-999999999", "too_many_decimals"),
        ("-0.01", "too_small"),
        ("1000000000000", "too_large"),
        ("1e29", "too_large"),
        ("1e30", "number_out_of_range"),
        ("1e999999999", "number_out_of_range"),
        ("1e9999999999999999999999", "number_out_of_range"),
        pytest.param("9" * 5000, "number_out_of_range", id="5000 digits"),
        pytest.param("-" + "9" * 5000, "number_out_of_range", id="minus 5000 digits"),
        ("NaN", "number_out_of_range"),
        ("Infinity", "number_out_of_range"),
        ("-Infinity", "number_out_of_range"),
        ("true", "not_number"),
        ('"4.95"', "not_number"),
        ("[4.95]", "not_number"),
        ("null", "null"),
    ],
)
def test_what_is_no_amount_is_refused(literal: str, code: str) -> None:
    assert [(found.path, found.code) for found in problems_of_json(with_total(literal))] == [(TOTAL, code)]


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), Decimal("sNaN"), pytest.param(10**5000, id="huge"), 1e300]
)
def test_a_value_that_is_no_json_number_is_refused(number: object) -> None:
    assert found(receipt(summary={"total_cost": number})) == [(TOTAL, "number_out_of_range")]


@given(st.integers(0, 10**14 - 100))
def test_every_amount_in_cents_survives_as_a_float_and_as_text(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert Decimal(written(str(amount))) == amount
    body = receipt(summary={"total_cost": float(amount)})
    assert json.loads(parse(body).as_json()) == body
