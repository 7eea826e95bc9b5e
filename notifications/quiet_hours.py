"""The hours in which a campaign is silent, on the clock of the site. Pure.

They begin and end by the wall clock, whatever the night does to it. A time that the clock skips (spring) is the
instant of the jump. One that it shows twice (autumn) begins the quiet with the first and ends it with the second:
nobody is written to while the clock on the wall shows a quiet time.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)


def quiet_until(now: datetime, *, zone: tzinfo, start: time, end: time) -> datetime | None:
    """When the quiet hours that `now` (aware) lies in are over; None outside of them.

    `start` belongs to them, `end` does not; from the later to the earlier they cross midnight.
    """
    until, found = now, None
    today = now.astimezone(zone).date()
    # In order: in the long night of autumn one day's quiet hours may run into the next one's.
    for day in (today - DAY, today, today + DAY):
        begins, ends = _on(day, zone, start, end)
        if begins <= until < ends:
            until = found = ends
    return found


def _on(day: date, zone: tzinfo, start: time, end: time) -> tuple[datetime, datetime]:
    """The quiet hours that begin on that day. Empty where the clock skips all of them."""
    return (
        _instant(datetime.combine(day, start), zone, fold=0),
        _instant(datetime.combine(day if start < end else day + DAY, end), zone, fold=1),
    )


def _instant(shown: datetime, zone: tzinfo, *, fold: int) -> datetime:
    """When the clock shows it: the first (`fold` 0) or the last (1) time, or else when it jumps over it."""
    instant = shown.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) == shown:
        return instant
    # Before the jump the clock shows less than `shown`, after it more; both are within a day.
    before, after = instant - DAY, instant + DAY
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < shown:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
