"""When a delivery that did not go out is tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import retry

CHANCES = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 30), (2, 60), (3, 120), (6, 960), (9, 7_680), (10, 10_800), (5_000, 10_800)]
)
def test_the_wait_doubles_with_each_try_up_to_the_cap(attempt: int, seconds: float) -> None:
    assert retry.delay(attempt=attempt, retry_after=None, base=60, cap=21_600, chance=0.5) == seconds


@given(attempt=st.integers(1, 100), chance=CHANCES)
def test_chance_spreads_the_wait_over_the_whole_of_it(attempt: int, chance: float) -> None:
    wait = retry.delay(attempt=attempt, retry_after=None, base=60, cap=600, chance=chance)
    assert wait == pytest.approx(chance * min(600, 60 * 2 ** (attempt - 1)))


@given(attempt=st.integers(1, 100), chance=CHANCES, retry_after=st.floats(0, 100_000))
def test_nothing_is_tried_before_the_far_end_asked_for_it(attempt: int, chance: float, retry_after: float) -> None:
    assert retry.delay(attempt=attempt, retry_after=retry_after, base=60, cap=600, chance=chance) >= retry_after
