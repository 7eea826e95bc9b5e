"""The daily work: a share of each sweep at leisure while anything is due, and all at once on a person's word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from notifications.services.retention.kinds import KINDS
from pages.models import RetentionRun
from pages.retention import running
from pages.retention.kind import Kind

# Of one sweep at leisure, in seconds; a backlog goes on with the next.
SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A kind as of now. `due` counts no further than was asked for; `more`: there are more."""

    kind: Kind
    due: int
    more: bool
    oldest: datetime | None
    run: RetentionRun | None

    @property
    def failed(self) -> bool:
        return bool(self.run and self.run.error)


def enforce_due(*, now: datetime) -> int:
    return running.run_due(KINDS, now=now, seconds=SECONDS)


def enforce(kind: Kind, *, now: datetime) -> bool:
    """Steps of one kind until nothing is left of it. False: it failed, and its row says why."""
    while (done := running.one_step(kind, now=now)) is not None:
        if done.after is None:
            return True
    return False


def standings(*, now: datetime, most: int) -> Iterator[Standing]:
    """Each kind, with what is due now, counted up to `most`."""
    runs = RetentionRun.objects.in_bulk()
    for kind in KINDS:
        rows = kind.rows_due(now)
        due = rows.order_by()[: most + 1].count()
        oldest = rows.order_by(kind.at).values_list(kind.at, flat=True).first() if due else None
        yield Standing(kind=kind, due=min(due, most), more=due > most, oldest=oldest, run=runs.get(kind.name))
