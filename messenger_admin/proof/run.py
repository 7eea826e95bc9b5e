"""One proof: a filled installation, blows while it sends, the wait until nothing can move, and the judgement."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from messenger_admin.proof import blows
from messenger_admin.proof.judge import Evidence, Row, Violation, judge
from messenger_admin.proof.places import Place
from messenger_admin.proof.rig import Breakable, Rig, rig
from messenger_admin.proof.schedule import Act

# A look at the ledger every so many seconds.
LOOK = 0.1
# When nothing has moved for so many seconds, what has not ended is stuck; a busy machine starts a worker in a minute.
STILL = 120.0
# On a busy machine the first workers take a while to start, in seconds.
STARTING = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a run came to. `blows` are the acts that were carried out, `deaths` logs of workers that died unasked."""

    violations: Sequence[Violation]
    counts: Mapping[str, int]
    rows: Sequence[Row]
    received: int
    in_flight: int
    planned: int
    blows: Sequence[Act]
    seconds: float
    deaths: Sequence[Path]
    folder: Path


@dataclass(slots=True)
class Progress:
    """What can be watched: how many have ended, and since when nothing has moved."""

    counts: dict[str, int] = field(default_factory=dict)
    moved_at: float = 0.0

    def note(self, counts: dict[str, int]) -> None:
        if counts != self.counts:
            self.counts, self.moved_at = counts, time.monotonic()

    @property
    def ended(self) -> int:
        return sum(count for state, count in self.counts.items() if state not in {"queued", "dispatching"})

    @property
    def still(self) -> float:
        return time.monotonic() - self.moved_at


def prove(
    *,
    place: Place,
    breakable: Breakable,
    people: Mapping[str, int],
    acts: Sequence[Act],
    say: Callable[[str, int], object],
) -> Proof:
    """`people` has `pages`, `customers` and `singles`; `say` hears of each blow and how many deliveries have ended."""
    began, expected = time.monotonic(), people["customers"] + people["singles"]
    with rig(place=place, breakable=breakable, people=people) as running:
        progress, left = Progress(counts=running.ledger.counts(), moved_at=time.monotonic() + STARTING), list(acts)
        while (progress.ended < expected or not _all_finished(running)) and progress.still < STILL:
            if left and progress.ended >= left[0].at * expected:
                act = left.pop(0)
                say(act.fault, progress.ended)
                blows.carry_out(act, running)
                progress.moved_at = time.monotonic()
            running.tend()
            progress.note(running.ledger.counts())
            time.sleep(LOOK)
        evidence = _evidence(running, expected)
    return Proof(
        violations=judge(evidence),
        counts=progress.counts,
        rows=evidence.rows,
        received=sum(arrival.delivered for arrival in evidence.arrivals),
        in_flight=len(running.in_flight),
        planned=len(acts),
        blows=[act for act in acts if not any(act is other for other in left)],
        seconds=time.monotonic() - began,
        deaths=running.deaths,
        folder=place.folder,
    )


def _all_finished(running: Rig) -> bool:
    return set(running.ledger.campaign_states().values()) == {"finished"}


def _evidence(running: Rig, expected: int) -> Evidence:
    ledger = running.ledger
    # A late answer may still end a doubt: rows and tallies are read as of one moment.
    tallies, rows, again = ledger.tallies(), ledger.rows(), ledger.tallies()
    while tallies != again:
        tallies, rows, again = again, ledger.rows(), ledger.tallies()
    return Evidence(
        expected=expected,
        rows=rows,
        arrivals=running.far_end.arrivals(),
        in_flight=frozenset(running.in_flight),
        may_be_doubtful=running.may_be_doubtful,
        woken=running.woken,
        tallies=tallies,
        states=ledger.campaign_states(),
    )
