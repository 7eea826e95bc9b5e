"""A site's patterns: what fits, what each part was, and which patterns are none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins import patterns
from optins.patterns import PatternError


@pytest.mark.parametrize(
    ("pattern", "customer_id", "parts"),
    [
        ("instock-<product>-<session>", "instock-AB123-k45332j9i54", {"product": "AB123", "session": "k45332j9i54"}),
        ("instock-<product>-<session>", "instock-AB-1-x", {"product": "AB", "session": "1-x"}),
        ("order-<number>", "order-FR-2026-871", {"number": "FR-2026-871"}),
        ("<number>/order", "871/order", {"number": "871"}),
        ("a.<x>", "a.b", {"x": "b"}),
        ("commande n° <n>", "commande n° 4\n5", {"n": "4\n5"}),
        ("order-<number>", "order-", None),
        ("order-<number>", "Order-1", None),
        ("order-<number>", "an order-1", None),
        ("a.<x>", "abc", None),
        ("instock-<product>-<session>", "instock-AB123", None),
    ],
)
def test_what_fits(pattern: str, customer_id: str, parts: dict[str, str] | None) -> None:
    assert patterns.match(patterns.parse(pattern), customer_id) == parts


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"), ("  ", "empty"), ("order-1", "no_part"), ("<all>", "everything"), ("order-<number", "bracket"),
        ("order->number<", "bracket"), ("order-<>", "name"), ("order-<1>", "name"), ("<a>-<a>", "twice"),
        ("x<a><b>", "touching"), ("-".join(f"<{letter}>" for letter in "abcdefghi"), "many"),
    ],
)  # fmt: skip
def test_what_is_no_pattern(raw: str, code: str) -> None:
    with pytest.raises(PatternError) as refused:
        patterns.parse(raw)
    assert refused.value.code == code
    assert str(refused.value)


def test_no_id_takes_long_to_judge() -> None:
    pattern = patterns.parse("-".join(f"<{letter}>" for letter in "abcdefgh"))
    begun = time.process_time()
    patterns.match(pattern, "-" * 255)
    patterns.match(pattern, "a-" * 127 + "\n")
    assert time.process_time() - begun < 0.5


@given(st.text(min_size=1, max_size=255))
def test_what_stands_in_the_last_part_comes_back(number: str) -> None:
    assert patterns.match("order-<number>", f"order-{number}") == {"number": number}
