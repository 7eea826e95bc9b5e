"""Times as they stand in files. Pure."""

import re
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?\s?(Z|[+-]\d\d(:?\d\d)?)?)?\Z", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(?:à )?(\d{1,2})[:h](\d\d)(?::(\d\d))?)?\Z")
# Before that there is nothing to agree to; and a time near the end of the calendar has no other zone's clock.
FIRST_YEAR, LAST_YEAR = 1990, 9998


class Dates(StrEnum):
    """How days are written. ISO 8601 can be read in any case; 03/04/2026 only where it is said what it means."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


def parse(written: str, *, dates: Dates, zone: tzinfo) -> datetime | None:
    """The moment in UTC; None where it can't be read. A time without a distance from UTC is on `zone`'s clock."""
    text = written.strip()
    try:
        at = _iso(text) if _ISO.match(text) else _slashed(text, dates)
        if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(",", ".").replace(" +", "+").replace(" Z", "Z").upper())


def _slashed(text: str, dates: Dates) -> datetime | None:
    found = _SLASHED.match(text)
    if found is None or dates is Dates.ISO:
        return None
    first, second, year, hour, minute, seconds = (int(each or 0) for each in found.groups())
    day, month = (first, second) if dates is Dates.DAY_FIRST else (second, first)
    return datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001  (whoever asks gives it its zone)
