"""When a page's way out is busy or away, the page rests; when it turns the page away, the page is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications import pace
from notifications.gateway.contract import Outcome, Verdict
from notifications.models import Lease
from notifications.reasons import Reason
from notifications.services.judging import Judged
from notifications.services.lease import Held
from pages.models import Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page

# The first rest, in seconds; each further one in a row is twice as long, up to the longest.
FIRST_REST = 2.0
LONGEST_REST = 300.0
# Rests in a row beyond this number are not counted: the longest is reached long before.
MOST_COUNTED = 30

INCIDENTS = {
    Reason.TOKEN_REFUSED: IncidentKind.TOKEN_REFUSED,
    Reason.FORBIDDEN: IncidentKind.FORBIDDEN,
    Reason.MOVED: IncidentKind.MOVED,
}


@dataclass(slots=True)
class Rest:
    """Watches the outcomes of one holding, for `page` as it was when that began.

    `rests` counts the rests in a row before it, and `share` is that of the page's pace which it is sent at.
    """

    page: Page
    rests: int
    share: float = 1.0
    needed: bool = False
    throttled: bool = False
    slowed: bool = False
    retry_after: float = 0.0
    accepted: bool = False
    turned_away: Outcome | None = None
    held: bool = False

    def note(self, judged: Judged) -> None:
        outcome = judged.outcome
        if judged.never_started:
            return
        if outcome.verdict is Verdict.RETRY:
            self.needed = True
            self.throttled = self.throttled or outcome.reason is Reason.THROTTLED
            self.retry_after = max(self.retry_after, outcome.retry_after or 0.0)
        elif outcome.verdict is Verdict.HELD:
            self.turned_away = self.turned_away or outcome
        elif outcome.verdict is Verdict.ACCEPTED:
            self.accepted = True

    def seconds(self) -> float:
        return max(min(LONGEST_REST, FIRST_REST * 2.0**self.rests), self.retry_after)

    def write(self, held: Held, now: datetime) -> None:
        """Writes the rest beside the lease, and opens the incident of a page that was turned away."""
        mine = Lease.objects.filter(pk=held.page_pk, fence=held.fence)
        if self.needed:
            rests = min(self.rests + 1, MOST_COUNTED)
            mine.update(rest_until=now + timedelta(seconds=self.seconds()), rests=rests)
        elif self.accepted and self.rests:
            mine.update(rest_until=None, rests=0)
            self.rests = 0
        if self.throttled and not self.slowed:
            # Counted from the end of the rest, and once: what was in flight together was refused together.
            slowed_at = now + timedelta(seconds=self.seconds())
            mine.update(slowed_to=pace.slower(self.share), slowed_at=slowed_at)
            self.slowed = True
        if self.turned_away and not self.held:
            kind = INCIDENTS[Reason(self.turned_away.reason or Reason.FORBIDDEN)]
            hold_page(page=self.page, kind=kind, detail=self.turned_away.detail, now=now)
            # Once: later answers of this holding are to requests of before, and somebody may have mended it since.
            self.held = True
