"""Even spacing, whatever the rhythm in which rows are marked."""

import pytest

from notifications.pace import HORIZON, LEAST_SHARE, RECOVERY, Pace, share, slower


def starts_over(pace: Pace, seconds: float, step: float) -> list[float]:
    """The starts that a pump would give out, looking every `step` seconds."""
    starts: list[float] = []
    now = 0.0
    while now < seconds:
        starts += [pace.take(now) for _ in range(pace.room(now, 500))]
        now += step
    return starts


@pytest.mark.parametrize("per_second", [1, 7, 40, 300])
@pytest.mark.parametrize("step", [0.001, 0.01, 0.05])
def test_any_window_of_one_second_holds_the_rate_and_no_more(per_second: int, step: float) -> None:
    starts = starts_over(Pace(per_second=per_second, next_at=0.0), 5.0, step)

    most = max(sum(start <= other < start + 1 - 1e-9 for other in starts) for start in starts)
    assert most <= per_second
    assert len([start for start in starts if start < 4]) >= 4 * per_second * 0.95


def test_a_pause_is_not_followed_by_a_burst() -> None:
    pace = Pace(per_second=10, next_at=0.0)

    assert [pace.take(100.0), pace.take(100.0)] == [100.0, 100.1]


def test_rows_are_marked_by_handfuls() -> None:
    pace = Pace(per_second=40, next_at=0.0)

    first = pace.room(0.0, 500)
    for _ in range(first):
        pace.take(0.0)

    assert first == int(HORIZON * 40)
    assert pace.room(0.0, 500) == 0
    assert pace.until_room(0.0) == pytest.approx(HORIZON / 2)


def test_the_next_holder_learns_when_it_may_send() -> None:
    pace = Pace(per_second=10, next_at=5.0)

    assert pace.after(10, now=4.0) == pytest.approx(2.0)


def test_without_a_limit_everything_may_leave_at_once() -> None:
    pace = Pace(per_second=None, next_at=0.0)

    assert (pace.room(1.0, 500), pace.take(1.0), pace.take(1.0), pace.after(500, 1.0)) == (500, 1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("seconds", "left"), [(-5.0, 0.5), (0.0, 0.5), (RECOVERY / 2, 0.75), (RECOVERY, 1.0), (RECOVERY * 9, 1.0)]
)
def test_a_slowed_page_comes_back_to_its_pace_evenly(seconds: float, left: float) -> None:
    assert share(0.5, seconds) == pytest.approx(left)


def test_each_time_it_is_asked_to_slow_down_it_sends_half_as_fast_but_never_stops() -> None:
    assert slower(1.0) == 0.5
    assert slower(0.5) == 0.25
    assert slower(LEAST_SHARE) == LEAST_SHARE
