"""Stops a campaign by itself: when too many of its latest deliveries failed, and after its first slice.

Failures are those of the far end and doubts, and rows that failed before a socket was opened: each of them is a person
who did not get the message for certain. A row that was skipped is no result, and does not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add

from django.db import transaction
from django.db.models import F

from notifications.models import Campaign, Tally
from notifications.services import slices
from notifications.states import CampaignState, DeliveryState, Halt
from pages import audit

# The latest deliveries that are judged together, and the fewest that say anything.
WINDOW = 200
FEWEST = 20

FAILURES = frozenset({DeliveryState.FAILED, DeliveryState.UNKNOWN})
RESULTS = FAILURES | {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ}


@dataclass(frozen=True, slots=True)
class Results:
    """How many deliveries came to an end, and how many of these failed."""

    failed: int = 0
    ended: int = 0

    def since(self, before: "Results") -> "Results":
        """A person who decides a doubt takes a failure back: then there is less than before."""
        return Results(max(self.failed - before.failed, 0), max(self.ended - before.ended, 0))

    def reach(self, ceiling: int) -> bool:
        """Whether the share of failures is at least `ceiling` percent."""
        return self.ended >= FEWEST and self.failed * 100 >= ceiling * self.ended


def look(latest: Mapping[int, Results], *, now: datetime) -> None:
    """Looks at campaigns (by id) of which these results were just written down. Costs nothing where none failed."""
    for campaign_pk in sorted(pk for pk, results in latest.items() if results.failed):
        tally = Tally.objects.select_related("campaign").filter(pk=campaign_pk).first()
        if tally and tally.campaign.state == CampaignState.RUNNING and tally.campaign.failure_ceiling:
            _judge(tally, latest[campaign_pk], now)


def begin_anew(campaign_pk: int) -> None:
    """From here on only what comes now counts."""
    failed = reduce(add, (F(state.value) for state in FAILURES))
    ended = reduce(add, (F(state.value) for state in RESULTS))
    Tally.objects.filter(pk=campaign_pk).update(judged_failed=failed, judged_ended=ended)


def pause_after_first_slice(*, campaign: Campaign, now: datetime) -> bool:
    """Pauses a running campaign whose first slice has come to its end, where more is to follow."""
    if not slices.is_over(campaign):
        return False
    return _pause(campaign, Halt.CANARY, {"size": campaign.canary_size}, now)


def pause_after_first_slices(*, now: datetime, page_pk: int | None = None) -> None:
    """The same for every campaign, of one page or of all."""
    trying = slices.trying().select_related("page")
    for campaign in trying.filter(page_id=page_pk) if page_pk else trying:
        pause_after_first_slice(campaign=campaign, now=now)


def _judge(tally: Tally, latest: Results, now: datetime) -> None:
    campaign, ceiling = tally.campaign, tally.campaign.failure_ceiling or 100
    total, before = _results(tally), Results(tally.judged_failed, tally.judged_ended)
    window = total.since(before)
    if not window.reach(ceiling) and window.ended >= WINDOW:
        # A new window; what just came is the first in it.
        before = total.since(latest)
        window = total.since(before)
        unchanged = Tally.objects.filter(pk=tally.pk, judged_ended=tally.judged_ended)
        unchanged.update(judged_failed=before.failed, judged_ended=before.ended)
    if window.reach(ceiling):
        _pause(campaign, Halt.FAILURES, {"failed": window.failed, "ended": window.ended}, now)


def _results(tally: Tally) -> Results:
    counted = tally.by_state()
    return Results(sum(counted[state] for state in FAILURES), sum(counted[state] for state in RESULTS))


def _pause(campaign: Campaign, halt: Halt, detail: dict[str, object], now: datetime) -> bool:
    with transaction.atomic():
        running = Campaign.objects.filter(pk=campaign.pk, canary_passed_at=campaign.canary_passed_at)
        paused = running.move(CampaignState.PAUSED, halt=halt, halt_detail=detail)
        if paused:
            audit.record(actor=None, action="campaign.paused", subject=campaign, halt=halt.value, **detail)
        return bool(paused)
