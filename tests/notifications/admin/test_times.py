"""Wall clocks of sites: one instant or a refusal in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from notifications.admin import times

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        ("2026-11-22T14:00", PARIS, datetime(2026, 11, 22, 13, 0, tzinfo=UTC)),
        ("2026-07-01T14:00", PARIS, datetime(2026, 7, 1, 12, 0, tzinfo=UTC)),
        ("2026-03-29T01:59", PARIS, datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T03:00", PARIS, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25T03:00", PARIS, datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2026-11-22T14:00", NEW_YORK, datetime(2026, 11, 22, 19, 0, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_time_is_one_instant(wall: str, zone: ZoneInfo, instant: datetime) -> None:
    assert times.on_the_clock(datetime.fromisoformat(wall), zone) == instant


@pytest.mark.parametrize(
    ("wall", "zone", "said"),
    [
        ("2026-03-29T02:30", PARIS, "02:30 does not exist on 29 Mar 2026 in Europe/Paris"),
        ("2026-03-29T02:00", PARIS, "02:00 does not exist on 29 Mar 2026"),
        ("2026-10-25T02:30", PARIS, "02:30 comes twice on 25 Oct 2026 in Europe/Paris"),
        ("2026-10-25T02:00", PARIS, "02:00 comes twice on 25 Oct 2026"),
        ("2026-11-01T01:30", NEW_YORK, "01:30 comes twice on 1 Nov 2026 in America/New_York"),
    ],
)
def test_a_time_that_the_clocks_skip_or_repeat_is_refused_in_words(wall: str, zone: ZoneInfo, said: str) -> None:
    with pytest.raises(times.NotOnTheClock, match="Choose an earlier or a later time") as refusal:
        times.on_the_clock(datetime.fromisoformat(wall), zone)
    assert said in str(refusal.value)


def test_a_sentence_says_the_time_in_the_site_s_zone_and_names_it() -> None:
    at = datetime(2026, 11, 22, 13, 3, 11, tzinfo=UTC)
    assert times.said(at, PARIS) == "22 Nov 2026 at 14:03:11 (Europe/Paris)"


def test_months_are_written_in_the_person_s_language() -> None:
    with translation.override("fr"):
        assert "22 nov. 2026,</span> <span>14:03" in times.cell(datetime(2026, 11, 22, 13, 3, 11, tzinfo=UTC), PARIS)


def test_a_column_gives_the_short_zone_and_the_whole_one_on_pointing() -> None:
    cell = times.cell(datetime(2026, 7, 1, 12, 0, tzinfo=UTC), PARIS)
    assert "14:00 <small>CEST</small>" in cell
    assert "(Europe/Paris)" in cell
