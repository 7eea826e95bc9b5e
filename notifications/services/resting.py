"""When a page's way out is busy or away, the page rests; when it turns the page away, the page is held.

Where the far end counts the page's calls aloud (Facebook's usage headers), the page slows down before that.
"""

import logging
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

logger = logging.getLogger(__name__)

# The first rest, in seconds; each further one in a row is twice as long, up to the longest.
FIRST_REST = 2.0
LONGEST_REST = 300.0
# Rests in a row beyond this number are not counted: the longest is reached long before.
MOST_COUNTED = 30

# Seconds of rest where the allowance is used up and nothing says until when; and of the least pace after a warning.
USED_UP_REST = 300.0
DRASTIC = 3_600.0

INCIDENTS = {
    Reason.TOKEN_REFUSED: IncidentKind.TOKEN_REFUSED,
    Reason.FORBIDDEN: IncidentKind.FORBIDDEN,
    Reason.MOVED: IncidentKind.MOVED,
    Reason.PAGE_RESTRICTED: IncidentKind.RESTRICTED,
    Reason.PERMISSION_MISSING: IncidentKind.MISSING_PERMISSION,
}


@dataclass(slots=True)
class Rest:
    """Watches the outcomes of one holding, for `page` as it was when that began.

    `rests` counts the rests in a row before it, and `share` is that of the page's pace which it is sent at. `eased` is
    the share that the far end's own count leaves; None: it says nothing, or that there is plenty.
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
    eased: float | None = None
    eased_written: float | None = None
    drastic: bool = False

    def note(self, judged: Judged) -> None:
        outcome = judged.outcome
        if judged.never_started:
            return
        self._heed(outcome)
        if outcome.verdict is Verdict.RETRY and not outcome.alone:
            self.needed = True
            self.throttled = self.throttled or outcome.reason is Reason.THROTTLED
            self.retry_after = max(self.retry_after, outcome.retry_after or 0.0)
        elif outcome.verdict is Verdict.HELD:
            self.turned_away = self.turned_away or outcome
        elif outcome.verdict is Verdict.ACCEPTED:
            self.accepted = True

    def _heed(self, outcome: Outcome) -> None:
        """What the answer says of how much of the allowance is used up."""
        self.drastic = self.drastic or outcome.drastic
        if outcome.used is None:
            return
        if outcome.room_in or outcome.used >= pace.STOP_AT:
            self.needed = True
            self.retry_after = max(self.retry_after, outcome.room_in or USED_UP_REST)
        elif outcome.used >= pace.EASE_AT:
            self.eased = min(self.share if self.eased is None else self.eased, pace.eased(outcome.used))

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
        self._ease(held, now)
        if self.turned_away and not self.held:
            kind = INCIDENTS[Reason(self.turned_away.reason or Reason.FORBIDDEN)]
            hold_page(page=self.page, kind=kind, detail=self.turned_away.detail, now=now)
            # Once: later answers of this holding are to requests of before, and somebody may have mended it since.
            self.held = True

    def _ease(self, held: Held, now: datetime) -> None:
        """Written beside the lease, so that the next holder begins at the same pace."""
        mine = Lease.objects.filter(pk=held.page_pk, fence=held.fence)
        if self.eased is not None and self.eased != self.eased_written:
            mine.update(slowed_to=self.eased, slowed_at=now)
            self.eased_written = self.eased
        if self.drastic:
            logger.error(
                "Page %s: Facebook warns of abuse in the rate of sending; it is slowed down.", self.page.page_id
            )
            mine.update(slowed_to=pace.LEAST_SHARE, slowed_at=now + timedelta(seconds=DRASTIC))
            self.drastic = False
