"""What is done to an installation while it sends, drawn from a seed. Pure.

The same seed draws the same acts in the same order; which message each of them meets is the machine's affair.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Fault(StrEnum):
    KILL = "kill"  # SIGKILL to one worker
    KILL_ALL = "kill_all"  # SIGKILL to every worker at once
    FREEZE = "freeze"  # SIGSTOP to one worker beyond its lease, then SIGCONT
    HINTS = "hints"  # the same hints, hundreds of times
    MISBEHAVE = "misbehave"  # the far end does what `telling` says to the next requests
    WIPE = "wipe"  # every hint on the broker is gone
    BROKER = "broker"  # the broker is stopped and started again
    DATABASE_FAST = "database_fast"  # the same with the database: connections are ended in order
    DATABASE_IMMEDIATE = "database_immediate"  # the same, as if its machine had lost power
    WORKER_CLOCK = "worker_clock"  # the workers' wall clock jumps
    DATABASE_CLOCK = "database_clock"  # the database's wall clock jumps


class Telling(StrEnum):
    """What the far end is told to do."""

    REFUSE = "refuse"
    THROTTLE = "throttle"
    HANG = "hang"
    RESET = "reset"
    RESET_UNREAD = "reset_unread"
    HALF = "half"
    DROP = "drop"
    BREAK = "break"  # 500, though the message was passed on


# How far a wall clock jumps, in seconds. A jump back also holds up what fell due meanwhile: these are soon over.
JUMPS = (-8.0, 3600.0)
# The share of deliveries that have ended when the first and the last act begin.
FIRST, LAST = 0.02, 0.85
# The same for acts that take so long that others would find nothing left to disturb.
EARLY = 0.4
LONG = frozenset({Fault.FREEZE, Fault.BROKER, Fault.WORKER_CLOCK, Fault.DATABASE_CLOCK})
CLOCKS = frozenset({Fault.WORKER_CLOCK, Fault.DATABASE_CLOCK})
# How long an act waits beyond its share, in seconds, so that it falls into any phase of a batch.
LATEST = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`at` is the share of deliveries that have ended when it begins, `after` seconds beyond that.

    `worker` chooses among the workers, modulo their number; `jump` is in seconds.
    """

    at: float
    after: float
    fault: Fault
    worker: int
    telling: Telling | None
    jump: float


def schedule(*, seed: int, counts: Mapping[Fault, int]) -> list[Act]:
    """So many of each fault, in the order in which they happen."""
    chance = random.Random(seed)  # noqa: S311  (a schedule, not a secret)
    tellings, jumps = _in_turn(chance, tuple(Telling)), _in_turn(chance, JUMPS)
    acts = [
        Act(
            at=chance.uniform(FIRST, EARLY if fault in LONG else LAST),
            after=chance.uniform(0, LATEST),
            fault=fault,
            worker=chance.randrange(1_000),
            telling=next(tellings) if fault is Fault.MISBEHAVE else None,
            jump=next(jumps) if fault in CLOCKS else 0.0,
        )
        for fault, times in sorted(counts.items())
        for _ in range(times)
    ]
    return sorted(acts, key=lambda act: act.at)


def _in_turn(chance: random.Random, values: Sequence[T]) -> Iterator[T]:
    """Each value once, in a drawn order, before any comes again."""
    while True:
        yield from chance.sample(values, len(values))
