"""Who starts when: the slots of the page, and the times before which some may not start."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.pace import Pace, in_turn

NOW = 100.0


def order(earliest: list[float], per_second: float | None = 10, next_at: float = NOW) -> list[tuple[int, float]]:
    return [(place, round(start, 3)) for place, start in in_turn(Pace(per_second, next_at), earliest, NOW)]


@pytest.mark.parametrize(
    ("earliest", "found"),
    [
        ([], []),
        ([NOW, NOW, NOW], [(0, 100.0), (1, 100.1), (2, 100.2)]),
        # One that has to wait leaves the slots before it to the others, and takes the first one after its time.
        ([100.15, NOW, NOW, NOW], [(1, 100.0), (2, 100.1), (0, 100.2), (3, 100.3)]),
        # Nobody else is there: the page waits with it.
        ([100.05, 100.5], [(0, 100.05), (1, 100.5)]),
    ],
)
def test_each_starts_in_the_first_slot_that_it_may(earliest: list[float], found: list[tuple[int, float]]) -> None:
    assert order(earliest) == found


def test_without_a_limit_each_starts_at_its_own_time() -> None:
    assert order([100.2, NOW, 100.1], per_second=None) == [(1, 100.0), (2, 100.1), (0, 100.2)]


@given(st.lists(st.floats(NOW - 1, NOW + 2), max_size=40), st.integers(1, 300), st.floats(NOW - 1, NOW + 1))
def test_each_starts_once_evenly_spaced_and_never_before_its_time(
    earliest: list[float], per_second: int, next_at: float
) -> None:
    found = list(in_turn(Pace(per_second, next_at), earliest, NOW))

    starts = [start for _place, start in found]
    assert sorted(place for place, _start in found) == list(range(len(earliest)))
    assert all(start >= earliest[place] for place, start in found)
    assert all(later - sooner >= 0.999 / per_second for sooner, later in pairwise(starts))
