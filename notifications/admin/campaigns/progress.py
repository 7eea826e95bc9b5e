"""How far a campaign has come, for people and for the script that keeps the page moving."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import estimates
from notifications.admin import times
from notifications.admin.campaigns.outlook import quiet_of
from notifications.admin.numbers import duration, grouped
from notifications.models import Campaign, Delivery, Tally
from notifications.services.forecasting import rate_of
from notifications.states import LEFT, CampaignState, DeliveryState

# States in which a campaign's numbers can still change by themselves.
MOVING = frozenset({CampaignState.SCHEDULED, CampaignState.RUNNING})
# Over less than this, in seconds, a measured rate says more about the polling than about the sending.
SHORTEST_SAMPLE = 2.0

TONES: Mapping[DeliveryState, str] = {
    DeliveryState.QUEUED: "waiting",
    DeliveryState.DISPATCHING: "sending",
    DeliveryState.SENT: "good",
    DeliveryState.DELIVERED: "good",
    DeliveryState.READ: "good",
    DeliveryState.FAILED: "bad",
    DeliveryState.UNKNOWN: "doubt",
    DeliveryState.SKIPPED: "quiet",
    DeliveryState.CANCELLED: "quiet",
}
# What is done, in the order in which it stands in the bar.
BAR = ("good", "bad", "doubt", "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How many deliveries were done at an earlier instant: two of them make a rate."""

    at: datetime
    done: int


def tally_of(campaign: Campaign) -> Tally:
    """The campaign's tally; one of zeros before its launch."""
    return getattr(campaign, "tally", None) or Tally(campaign=campaign)


def percent(tally: Tally) -> int:
    """Rounded down, so that 100 means that nothing is left."""
    return 100 * tally.done // tally.total if tally.total else 0


def widths(tally: Tally) -> dict[str, float]:
    """Of the bar's parts, in percent."""
    total = tally.total or 1
    counts = tally.by_state()
    return {tone: round(100 * sum(n for state, n in counts.items() if TONES[state] == tone) / total, 2) for tone in BAR}


def in_numbers(tally: Tally) -> str:
    """One line for lists: what became of how many."""
    return ", ".join(_numbers(tally))


def _numbers(tally: Tally) -> Iterator[str]:
    """Both forms are the same in English and not in other languages."""
    left = sum(tally.by_state()[state] for state in LEFT)
    yield ngettext("%(count)s sent", "%(count)s sent", left) % {"count": grouped(left)}
    if failed := tally.failed:
        yield ngettext("%(count)s failed", "%(count)s failed", failed) % {"count": grouped(failed)}
    if unknown := tally.unknown:
        yield ngettext("%(count)s in doubt", "%(count)s in doubt", unknown) % {"count": grouped(unknown)}
    if skipped := tally.skipped:
        yield ngettext("%(count)s skipped", "%(count)s skipped", skipped) % {"count": grouped(skipped)}


def done_words(campaign: Campaign, tally: Tally) -> str:
    numbers = {"done": grouped(tally.done), "total": grouped(tally.total)}
    if campaign.state == CampaignState.RUNNING and campaign.expanded_at is None:
        return _("%(done)s of %(total)s so far; the list of recipients is still growing") % numbers
    return _("%(done)s of %(total)s") % numbers


def next_try(campaign: Campaign, tally: Tally, *, now: datetime) -> datetime | None:
    """When the first of those left is due, if all of them wait for that."""
    if not tally.queued or tally.dispatching:
        return None
    queued = Delivery.objects.filter(page=campaign.page_id, campaign=campaign, state=DeliveryState.QUEUED)
    first: datetime | None = queued.aggregate(first=Min("due_at"))["first"]
    return first if first and first > now else None


def rests_until(campaign: Campaign, *, now: datetime) -> datetime | None:
    """The end of the quiet hours that a running campaign is in."""
    end = estimates.starts_at(now, quiet_of(campaign))
    return end if campaign.state == CampaignState.RUNNING and end > now else None


def pace_words(campaign: Campaign, tally: Tally, *, now: datetime, sample: Sample | None = None) -> str:
    """The rate and the end that it foretells: measured since `sample`, or else the most that it may."""
    if campaign.state != CampaignState.RUNNING or not tally.movable or next_try(campaign, tally, now=now):
        return ""
    if until := rests_until(campaign, now=now):
        return _("rests until %(time)s") % {"time": times.said_of_today(until, times.zone_of(campaign.page))}
    seconds = (now - sample.at).total_seconds() if sample else 0.0
    if sample is None or seconds < SHORTEST_SAMPLE:
        rate, told = float(rate_of(campaign)), _("At most %(rate)s a second")
    else:
        rate, told = max(0.0, (tally.done - sample.done) / seconds), _("%(rate)s a second")
    shown = round(rate, 0 if rate >= 10 else 1)
    words = told % {"rate": grouped(shown, decimals=0 if shown.is_integer() else 1)}
    return f"{words} · {_end_words(campaign, tally.movable / rate, now=now)}" if rate else words


def _end_words(campaign: Campaign, seconds: float, *, now: datetime) -> str:
    done = estimates.done_at(now, seconds, quiet_of(campaign))
    if done is None or done - now > timedelta(days=1):
        return _("about %(duration)s left") % {"duration": duration((done - now).total_seconds() if done else seconds)}
    end = times.clock(done, times.zone_of(campaign.page))
    return _("about %(duration)s left, done around %(time)s") % {
        "duration": duration((done - now).total_seconds()),
        "time": end,
    }


def as_json(campaign: Campaign, *, now: datetime, sample: Sample | None) -> dict[str, object]:
    """What the polling script shows; `final` tells it to stop asking, another `standing` to draw the page anew."""
    tally = tally_of(campaign)
    return {
        "standing": " ".join([campaign.state, campaign.halt, "rests" if rests_until(campaign, now=now) else ""]),
        "state": campaign.state,
        "label": str(campaign.get_state_display()),
        "final": campaign.state not in MOVING,
        "at": now.timestamp(),
        "done": tally.done,
        "total": tally.total,
        "percent": percent(tally),
        "widths": widths(tally),
        "summary": done_words(campaign, tally),
        "pace": pace_words(campaign, tally, now=now, sample=sample),
        "counts": {state.value: grouped(count) for state, count in tally.by_state().items()},
    }


def history_url(campaign: Campaign, state: str = "") -> str:
    """The delivery history, narrowed to this campaign and, if given, to one state."""
    narrowed = f"&state={state}" if state else ""
    return f"{reverse('admin:notifications_delivery_changelist')}?campaign__id__exact={campaign.pk}{narrowed}"
