"""Quiet hours by the clock on the wall, in the nights when that clock is changed too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from notifications.quiet_hours import quiet_until

PARIS = ZoneInfo("Europe/Paris")
ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")]
NEW_YEAR = datetime(2027, 1, 1)  # noqa: DTZ001  (Hypothesis adds the zone)
TIMES = st.times().map(lambda found: found.replace(microsecond=0))


def ends(now: str, start: str, end: str) -> str | None:
    found = quiet_until(
        datetime.fromisoformat(now), zone=PARIS, start=time.fromisoformat(start), end=time.fromisoformat(end)
    )
    return found.astimezone(PARIS).isoformat() if found else None


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        # An ordinary day.
        ("2027-06-01T11:59:59+02:00", "12:00", "14:00", None),
        ("2027-06-01T12:00:00+02:00", "12:00", "14:00", "2027-06-01T14:00:00+02:00"),
        ("2027-06-01T13:59:59+02:00", "12:00", "14:00", "2027-06-01T14:00:00+02:00"),
        ("2027-06-01T14:00:00+02:00", "12:00", "14:00", None),
        # Across midnight.
        ("2027-06-01T21:59:59+02:00", "22:00", "08:00", None),
        ("2027-06-01T22:00:00+02:00", "22:00", "08:00", "2027-06-02T08:00:00+02:00"),
        ("2027-06-02T00:00:00+02:00", "22:00", "08:00", "2027-06-02T08:00:00+02:00"),
        ("2027-06-02T08:00:00+02:00", "22:00", "08:00", None),
        # From and until midnight.
        ("2027-06-01T00:00:00+02:00", "00:00", "07:00", "2027-06-01T07:00:00+02:00"),
        ("2027-06-01T23:59:59+02:00", "20:00", "00:00", "2027-06-02T00:00:00+02:00"),
        # Spring, a day of 23 hours: 02:00 to 03:00 does not exist on 28 March 2027.
        ("2027-03-27T23:00:00+01:00", "22:00", "08:00", "2027-03-28T08:00:00+02:00"),
        ("2027-03-28T01:59:59+01:00", "22:00", "02:30", "2027-03-28T03:00:00+02:00"),
        ("2027-03-28T03:00:00+02:00", "22:00", "02:30", None),
        ("2027-03-28T01:59:59+01:00", "02:30", "06:00", None),
        ("2027-03-28T03:00:00+02:00", "02:30", "06:00", "2027-03-28T06:00:00+02:00"),
        ("2027-03-28T03:00:00+02:00", "02:10", "02:50", None),
        # Autumn, a day of 25 hours: 02:00 to 03:00 comes twice on 31 October 2027.
        ("2027-10-30T23:00:00+02:00", "22:00", "08:00", "2027-10-31T08:00:00+01:00"),
        ("2027-10-31T02:15:00+02:00", "22:00", "02:30", "2027-10-31T02:30:00+01:00"),
        ("2027-10-31T02:45:00+02:00", "22:00", "02:30", "2027-10-31T02:30:00+01:00"),
        ("2027-10-31T02:30:00+01:00", "22:00", "02:30", None),
        ("2027-10-31T02:29:59+02:00", "02:30", "06:00", None),
        ("2027-10-31T02:30:00+02:00", "02:30", "06:00", "2027-10-31T06:00:00+01:00"),
        ("2027-10-31T02:15:00+01:00", "02:30", "06:00", "2027-10-31T06:00:00+01:00"),
        # One day's quiet hours run into the next one's.
        ("2027-10-30T12:00:00+02:00", "02:30", "02:10", "2027-11-01T02:10:00+01:00"),
    ],
)
def test_they_begin_and_end_by_the_clock_on_the_wall(now: str, start: str, end: str, until: str | None) -> None:
    assert ends(now, start, end) == until


def is_shown_quiet(now: datetime, zone: ZoneInfo, start: time, end: time) -> bool:
    shown = now.astimezone(zone).time()
    return start <= shown < end if start < end else shown >= start or shown < end


NIGHTS = st.datetimes(NEW_YEAR, NEW_YEAR + timedelta(days=364), timezones=st.just(UTC)) | st.builds(
    lambda hours: datetime(2027, 10, 30, 20, tzinfo=UTC) + timedelta(hours=hours), st.floats(0, 12)
)


@given(now=NIGHTS, zone=st.sampled_from(ZONES), start=TIMES, end=TIMES)
def test_it_is_quiet_whenever_the_clock_shows_a_quiet_time(
    now: datetime, zone: ZoneInfo, start: time, end: time
) -> None:
    assume(start != end)

    if is_shown_quiet(now, zone, start, end):
        until = quiet_until(now, zone=zone, start=start, end=end)
        assert until is not None
        assert until > now


@given(now=NIGHTS, zone=st.sampled_from(ZONES), start=TIMES, end=TIMES)
def test_they_last_until_a_time_that_is_not_quiet_and_no_longer(
    now: datetime, zone: ZoneInfo, start: time, end: time
) -> None:
    assume(start != end)
    until = quiet_until(now, zone=zone, start=start, end=end)
    assume(until)
    assert until

    assert quiet_until(until, zone=zone, start=start, end=end) is None
    assert quiet_until(until - timedelta(microseconds=1), zone=zone, start=start, end=end) == until
    assert not is_shown_quiet(until, zone, start, end)
