"""The pure part of a token's pace."""

from datetime import UTC, datetime, timedelta

import pytest

from pages.rate_limits import Portion, Purse

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rate", "requests", "seconds"), [(1, 1, 1.0), (3, 1, 1 / 3), (10, 1, 0.1), (50, 5, 0.1), (1000, 100, 0.1)]
)
def test_a_portion_is_a_tenth_of_a_second_or_one_request(rate: int, requests: int, seconds: float) -> None:
    assert Portion.of(rate) == Portion(requests=requests, time=timedelta(seconds=seconds))


@pytest.mark.parametrize(("ahead", "wait"), [(0.0, -0.9), (0.9, 0.0), (1.0, 0.1)])
def test_the_point_may_lie_a_second_ahead(ahead: float, wait: float) -> None:
    granted_until = NOW + timedelta(seconds=ahead)
    assert Portion.of(50).wait(granted_until, NOW) == timedelta(seconds=wait)


def test_a_purse_is_spent_to_its_bottom() -> None:
    purse = Purse()
    purse.put(2)
    assert [purse.spend(NOW) for _ in range(3)] == [timedelta(0), timedelta(0), None]


def test_a_refusal_holds_until_its_time() -> None:
    purse = Purse()
    purse.refuse(NOW + timedelta(seconds=2))
    assert purse.spend(NOW) == timedelta(seconds=2)
    assert purse.spend(NOW + timedelta(seconds=2)) is None


def test_what_is_put_in_is_spent_even_while_others_are_refused() -> None:
    purse = Purse()
    purse.refuse(NOW + timedelta(seconds=2))
    purse.put(1)
    assert purse.spend(NOW) == timedelta(0)
