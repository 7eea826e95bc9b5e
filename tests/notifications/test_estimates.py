"""When sending at an even pace is done: with and without quiet hours, and on the days when the clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.estimates import HORIZON, QuietHours, done_at, seconds_until, starts_at

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(zone=PARIS, begin=time(22), end=time(8))
NOON = QuietHours(zone=PARIS, begin=time(12), end=time(14))
HOUR = 3600.0


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "hours", "quiet", "done"),
    [
        ("2026-11-22T10:00", 1, None, "2026-11-22T11:00"),
        ("2026-11-22T10:00", 0, NIGHT, "2026-11-22T10:00"),
        ("2026-11-22T10:00", 12, NIGHT, "2026-11-22T22:00"),
        ("2026-11-22T10:00", 13, NIGHT, "2026-11-23T09:00"),
        ("2026-11-22T23:30", 1, NIGHT, "2026-11-23T09:00"),
        ("2026-11-22T07:59", 1, NIGHT, "2026-11-22T09:00"),
        ("2026-11-22T10:00", 40, NIGHT, "2026-11-24T22:00"),
        ("2026-11-22T11:00", 2, NOON, "2026-11-22T15:00"),
        # The night of 29 March has an hour less, that of 25 October one more: days of sending stay as long.
        ("2026-03-28T10:00", 13, NIGHT, "2026-03-29T09:00"),
        ("2026-10-24T10:00", 13, NIGHT, "2026-10-25T09:00"),
        # Across the change itself, without a rest, an hour of sending is an hour.
        ("2026-03-29T01:30", 1, None, "2026-03-29T03:30"),
    ],
)
def test_the_end_leaves_the_quiet_hours_out(start: str, hours: int, quiet: QuietHours | None, done: str) -> None:
    assert done_at(paris(start).astimezone(UTC), hours * HOUR, quiet) == paris(done)


@pytest.mark.parametrize("quiet", [None, NIGHT])
def test_nobody_plans_for_more_than_a_year(quiet: QuietHours | None) -> None:
    assert done_at(paris("2026-11-22T10:00"), HORIZON.total_seconds() + 1, quiet) is None


def test_what_starts_in_quiet_hours_starts_when_they_end() -> None:
    assert starts_at(paris("2026-11-22T23:00"), NIGHT) == paris("2026-11-23T08:00")
    assert starts_at(paris("2026-11-22T11:00"), NIGHT) == paris("2026-11-22T11:00")
    assert starts_at(paris("2026-11-22T23:00"), None) == paris("2026-11-22T23:00")


@pytest.mark.parametrize(
    ("start", "end", "quiet", "hours"),
    [
        ("2026-11-22T10:00", "2026-11-22T12:00", None, 2),
        ("2026-11-22T10:00", "2026-11-23T10:00", NIGHT, 14),
        ("2026-11-22T23:00", "2026-11-23T07:00", NIGHT, 0),
        ("2026-11-22T12:00", "2026-11-22T10:00", None, 0),
        ("2026-11-22T12:00", "2026-11-22T10:00", NIGHT, 0),
    ],
)
def test_the_time_there_is_leaves_the_quiet_hours_out(
    start: str, end: str, quiet: QuietHours | None, hours: int
) -> None:
    assert seconds_until(paris(start), paris(end), quiet) == hours * HOUR


@pytest.mark.parametrize("begin", [time(0), time(2, 30), time(12), time(23, 59)])
@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24", "2026-11-22"])
def test_what_is_done_at_a_time_fits_until_that_time(begin: time, day: str) -> None:
    quiet = QuietHours(zone=PARIS, begin=begin, end=time(8) if begin != time(8) else time(9))
    start = paris(f"{day}T10:00").astimezone(UTC)
    for hours in (0.5, 3, 11.9, 17, 60):
        done = done_at(start, hours * HOUR, quiet)
        assert done is not None
        assert abs(seconds_until(start, done, quiet) - hours * HOUR) < 0.01
        assert done - start >= timedelta(hours=hours)
