"""A campaign's bar: shares of its rows, read from the tally that is written as they move."""

from dataclasses import dataclass

from notifications.models import Campaign, Tally
from notifications.states import LEFT, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts of deliveries; a share is in percent of all, and none of nothing."""

    total: int
    left: int
    failed: int
    in_doubt: int
    passed_over: int
    done: int

    def share(self, count: int) -> float:
        return round(100 * count / self.total, 2) if self.total else 0.0

    @property
    def percent(self) -> int:
        """Whole percents that are done; 100 only when nothing is left to do."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def parts(self) -> list[tuple[str, float]]:
        """The bar's coloured parts, in order: a CSS class and a width in percent."""
        counts = {
            "left": self.left,
            "failed": self.failed,
            "doubt": self.in_doubt,
            "passed": self.passed_over,
        }
        return [(name, self.share(count)) for name, count in counts.items() if count]


def progress_of(campaign: Campaign) -> Progress:
    """A campaign that was never launched has no tally, and no rows."""
    tally = campaign.tally if hasattr(campaign, "tally") else Tally()
    counts = tally.by_state()
    return Progress(
        total=tally.total,
        left=sum(counts[state] for state in LEFT),
        failed=tally.failed,
        in_doubt=tally.unknown,
        passed_over=counts[DeliveryState.SKIPPED] + counts[DeliveryState.CANCELLED],
        done=tally.done,
    )
