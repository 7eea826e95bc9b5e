"""How far an import is: for its page, for the script that moves the page's numbers, and a careful guess at the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from optins.models import Import
from optins.states import ImportState
from pages.admin.numbers import duration, grouped

MOVING = frozenset({ImportState.CHECKING, ImportState.RUNNING})
COUNTS = ("fresh", "renewed", "known", "refused")
# A rate that was measured over less than this foretells nothing.
SHORTEST_SAMPLE = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How far it was at an earlier look."""

    at: datetime
    offset: int


def percent(of: Import) -> int:
    """By bytes, in whole percents; 100 only once it is over."""
    if of.state not in MOVING | {ImportState.STOPPED}:
        return 100
    return min(99, 100 * of.offset // of.size) if of.size else 0


def rows_words(of: Import) -> str:
    count = of.rows
    return ngettext("%(count)s row read", "%(count)s rows read", count) % {"count": grouped(count)}


def pace_words(of: Import, *, now: datetime, sample: Sample | None = None) -> str:
    """How long it takes yet, by the rate since `sample`; or why it does not move."""
    if of.state not in MOVING:
        return ""
    if sample is None or of.offset <= sample.offset:
        # Between two turns of a worker nobody holds it for a moment: only one that did not move is said to wait.
        is_held = of.leased_until and of.leased_until > now
        return "" if is_held else _("It waits for its turn, and goes on by itself.")
    if now - sample.at < SHORTEST_SAMPLE:
        return ""
    rate = (of.offset - sample.offset) / (now - sample.at).total_seconds()
    return _("about %(duration)s left") % {"duration": duration((of.size - of.offset) / rate)}


def as_json(of: Import, *, now: datetime, sample: Sample | None) -> dict[str, object]:
    """What the script shows; another `standing` than the page's makes it draw the page anew."""
    return {
        "standing": of.state,
        "final": of.state not in MOVING,
        "at": now.timestamp(),
        "offset": of.offset,
        "percent": percent(of),
        "rows": rows_words(of),
        "pace": pace_words(of, now=now, sample=sample),
        "counts": {name: grouped(getattr(of, name)) for name in COUNTS},
    }
