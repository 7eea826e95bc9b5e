from datetime import UTC, datetime, timedelta

import pytest

from notifications.callbacks import schedule

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAYS_3 = 259_200.0


@pytest.mark.parametrize(
    ("tries", "chance", "retry_after", "seconds"),
    [
        (1, 1.0, None, 10),
        (1, 0.5, None, 5),
        (1, 0.0, None, 0),
        (2, 1.0, None, 20),
        (5, 1.0, None, 160),
        (9, 1.0, None, 2_560),
        (10, 1.0, None, 3_600),
        (500, 1.0, None, 3_600),
        (1, 0.0, 120.0, 120),
        (1, 0.0, 86_400.0, 3_600),
    ],
)
def test_each_try_is_later_than_the_one_before(
    tries: int, chance: float, retry_after: float | None, seconds: float
) -> None:
    again = schedule.next_try(tries=tries, now=NOW, retry_after=retry_after, chance=chance)
    assert again - NOW == timedelta(seconds=seconds)


@pytest.mark.parametrize(("hours", "over"), [(0, False), (71.99, False), (72, True), (90, True)])
def test_patience_ends_after_three_days(hours: float, over: bool) -> None:
    since = NOW - timedelta(hours=hours)
    assert schedule.is_over(failing_since=since, now=NOW, patience=DAYS_3) is over
