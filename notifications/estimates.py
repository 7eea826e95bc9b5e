"""When something that goes out at an even pace will be done, its quiet hours left out. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from notifications.quiet_hours import quiet_until

# Past this nobody plans, and the walk from one quiet night to the next ends.
HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one wall-clock time to another, every day, in `zone`."""

    zone: tzinfo
    begin: time
    end: time

    def over_at(self, at: datetime) -> datetime:
        """`at`, or the end of the quiet hours that it lies in."""
        return quiet_until(at, zone=self.zone, start=self.begin, end=self.end) or at

    def next_begin(self, at: datetime) -> datetime:
        today = at.astimezone(self.zone).date()
        nights = (datetime.combine(today + timedelta(days=n), self.begin, tzinfo=self.zone) for n in range(3))
        return next(begin for night in nights if (begin := night.astimezone(UTC)) > at)


def starts_at(start: datetime, quiet: QuietHours | None) -> datetime:
    """When the first message leaves of what may go out from `start`."""
    return quiet.over_at(start) if quiet else start


def done_at(start: datetime, seconds: float, quiet: QuietHours | None) -> datetime | None:
    """When `seconds` of sending, begun at `start`, are over; None: not within HORIZON."""
    at, left = starts_at(start, quiet), seconds
    if quiet is None:
        return at + timedelta(seconds=left) if left < HORIZON.total_seconds() else None
    while at - start < HORIZON:
        night = quiet.next_begin(at)
        awake = (night - at).total_seconds()
        if left <= awake:
            return at + timedelta(seconds=left)
        at, left = quiet.over_at(night), left - awake
    return None


def seconds_until(start: datetime, end: datetime, quiet: QuietHours | None) -> float:
    """How many seconds of sending lie between `start` and `end`."""
    at, total = starts_at(start, quiet), 0.0
    if quiet is None:
        return max(0.0, (end - at).total_seconds())
    while at < end:
        night = quiet.next_begin(at)
        total += (min(night, end) - at).total_seconds()
        at = quiet.over_at(night)
    return total
