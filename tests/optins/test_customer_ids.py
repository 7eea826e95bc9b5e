"""The guide's rules for customer_id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins import customer_ids
from optins.customer_ids import CustomerIdError, parse


@pytest.mark.parametrize(
    "raw",
    ["FR-012345", "instock-AB123-k45332j9i54", "commande/871", "a b?c#d%", "été", "客户-1", "عميل-٧", "x" * 255],
)
def test_a_shop_may_use_any_readable_id(raw: str) -> None:
    assert parse(raw) == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * 256, "too_long"),
        ("a\x00b", "unprintable"),
        ("a\nb", "unprintable"),
        ("a\u200bb", "unprintable"),
        ("a\ud800", "unprintable"),
    ],
)
def test_an_id_that_breaks_a_rule_is_refused_with_what_to_do(raw: str, code: str) -> None:
    with pytest.raises(CustomerIdError) as refused:
        parse(raw)

    assert refused.value.code == code
    assert "%(" not in str(refused.value)


def test_blanks_around_an_id_do_not_make_another_one() -> None:
    assert parse("  FR-1\t") == "FR-1"


def test_two_ways_to_write_an_accent_are_one_id() -> None:
    assert parse("e\u0301te\u0301") == parse("été")


def test_a_stock_alert_is_made_as_the_guide_makes_it() -> None:
    assert customer_ids.stock_alert(product="AB123", session="k45332j9i54") == "instock-AB123-k45332j9i54"


@pytest.mark.parametrize(
    ("customer_id", "is_one"),
    [
        ("instock-AB123-k45332j9i54", True),
        ("instock-AB123", False),
        ("instock", False),
        ("INSTOCK-AB123-k", False),
        ("FR-012345", False),
    ],
)
def test_a_stock_alert_is_known_by_its_shape(customer_id: str, is_one: bool) -> None:
    assert customer_ids.is_stock_alert(customer_id) is is_one


@given(st.text())
def test_parsing_is_stable_and_raises_nothing_but_its_own_error(raw: str) -> None:
    try:
        once = parse(raw)
    except CustomerIdError:
        return
    assert parse(once) == once
