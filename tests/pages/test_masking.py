"""A word taken out of JSON."""

import pytest

from pages.masking import mask


@pytest.mark.parametrize(("value", "masked"), [
    ("FR-1", "…"),
    ("Nobody is “FR-1” here, not FR-1.", "Nobody is “…” here, not …."),
    ("FR-12 and XFR-1 are others", "FR-12 and XFR-1 are others"),
    ({"FR-1": ["FR-1", {"id": "FR-1"}], "n": 1, "none": None}, {"…": ["…", {"id": "…"}], "n": 1, "none": None}),
    (7, 7),
])  # fmt: skip
def test_the_word_is_taken_out_wherever_it_stands_by_itself(value: object, masked: object) -> None:
    assert mask(value, "FR-1") == masked


def test_a_word_is_no_pattern() -> None:
    assert mask("a.c abc (x", "a.c") == "… abc (x"
    assert mask("(x", "(x") == "…"
