"""What a launch at a given instant leads to, at this pace and with these hours: when it starts, when it is done, and
what will not make it in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import estimates
from notifications.admin import times
from notifications.admin.campaigns.manner import quiet_words
from notifications.admin.campaigns.personal import shortage_words
from notifications.admin.campaigns.reach import not_reached_words, reach_at, reached_words
from notifications.admin.numbers import duration, grouped
from notifications.models import Campaign
from notifications.services.deliveries import obstacle_of
from notifications.services.forecasting import quiet_hours_of, rate_of
from notifications.states import LatePolicy

# An end further away than this is said with its day.
TODAY = timedelta(hours=18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """`consequences` are to be expected; `warnings` are what somebody may not have meant.

    `reachable` is how many of the audience Facebook lets it reach, where it sets a window.
    """

    consequences: list[str]
    warnings: list[str]
    reachable: int | None = None


def quiet_of(campaign: Campaign) -> estimates.QuietHours | None:
    return quiet_hours_of(campaign, times.zone_of(campaign.page))


def outlook(campaign: Campaign, count: int, *, start: datetime, now: datetime, looked: bool = False) -> Outlook:
    """Of sending `count` messages from `start` on; `looked` once the first slice needs nobody any more."""
    zone, quiet = times.zone_of(campaign.page), quiet_of(campaign)
    seconds = count / rate_of(campaign)
    done = estimates.done_at(start, seconds, quiet)
    reach = reach_at(campaign, count, start=start, now=now)
    consequences = [
        *reached_words(reach),
        pace_words(campaign, count),
        *([_end_words(start, done, zone, now=now)] if count else []),
        *([_("Nothing leaves from %(hours)s.") % {"hours": hours}] if (hours := quiet_words(campaign, zone)) else []),
        *_stop_words(campaign, 0 if looked else campaign.canary_size or 0, count),
    ]
    return Outlook(
        consequences=consequences,
        warnings=[
            *_obstacle_words(campaign),
            *not_reached_words(reach),
            *shortage_words(campaign, now=now),
            *_night_words(campaign, start, zone),
            *_too_late_words(campaign, count, start, done),
        ],
        reachable=count - reach.not_at_all if reach else None,
    )


def pace_words(campaign: Campaign, count: int) -> str:
    rate = rate_of(campaign)
    if rate < campaign.page.messages_per_second:
        words = ngettext(
            "At most %(rate)s message a second leaves, the campaign's own pace",
            "At most %(rate)s messages a second leave, the campaign's own pace",
            rate,
        )
    else:
        words = ngettext(
            "At most %(rate)s message a second leaves from this page",
            "At most %(rate)s messages a second leave from this page",
            rate,
        )
    told = words % {"rate": grouped(rate)}
    if not count:
        return f"{told}."
    return _("%(rate)s: about %(duration)s for all.") % {"rate": told, "duration": duration(count / rate)}


def _end_words(start: datetime, done: datetime | None, zone: tzinfo, *, now: datetime) -> str:
    if done is None:
        return _("At this pace it takes more than a year.")
    if done - now < TODAY and start - now < timedelta(minutes=5):
        return _("Begun now, it is done around %(time)s at the earliest.") % {"time": times.said_of_today(done, zone)}
    shown = times.said_to_the_minute(done, zone)
    return _("It is done around %(time)s at the earliest.") % {"time": shown}


def _stop_words(campaign: Campaign, size: int, count: int) -> list[str]:
    words = []
    if 0 < size < count:
        shown = ngettext(
            "After the first %(count)s it pauses, until somebody has looked and resumes it.",
            "After the first %(count)s it pauses, until somebody has looked and resumes it.",
            size,
        )
        words.append(shown % {"count": grouped(size)})
    if ceiling := campaign.failure_ceiling:
        shown = _("It pauses by itself when %(share)s%% of the latest deliveries failed or are in doubt.")
        words.append(shown % {"share": ceiling})
    return words


def late_words(campaign: Campaign) -> str:
    """What happens when nothing runs at the time of launch."""
    return {
        LatePolicy.SEND: _("If nothing runs at that time, it is sent late, as soon as something runs."),
        LatePolicy.SKIP: _("If nothing runs at that time, it is cancelled and not sent late."),
        LatePolicy.ASK: _("If nothing runs at that time, it is not sent late by itself: it waits and asks."),
    }[LatePolicy(campaign.if_late)]


def _obstacle_words(campaign: Campaign) -> list[str]:
    obstacle = obstacle_of(campaign.page)
    return [obstacle] if obstacle else []


def _night_words(campaign: Campaign, start: datetime, zone: tzinfo) -> list[str]:
    first = estimates.starts_at(start, quiet_of(campaign))
    if first == start:
        return []
    return [
        _("It would start in its quiet hours: the first message leaves on %(when)s.")
        % {"when": times.said_to_the_minute(first, zone)}
    ]


def _too_late_words(campaign: Campaign, count: int, start: datetime, done: datetime | None) -> list[str]:
    until = campaign.useful_until
    if not count or until is None or (done and done <= until):
        return []
    room = int(estimates.seconds_until(start, until, quiet_of(campaign)) * rate_of(campaign))
    if room >= count:
        return []
    words = ngettext(
        "It can't be finished while it is useful, until %(until)s: about %(count)s customer would be skipped.",
        "It can't be finished while it is useful, until %(until)s: about %(count)s customers would be skipped.",
        count - room,
    )
    shown = times.said_to_the_minute(until, times.zone_of(campaign.page))
    return [words % {"until": shown, "count": grouped(count - room)}]
