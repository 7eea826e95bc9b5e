"""The pace of a page: when each message may start, evenly spaced. Pure.

Even spacing keeps any window of one second within one message of the rate; there is no burst after a pause.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# How far ahead rows are marked, in seconds: long enough to cover a commit, short enough for pause to be prompt.
HORIZON = 0.25

# Messages that were held up follow each other no faster than this share of their spacing: within 5 % of the pace.
CATCHING_UP = 0.98

# A far end that asks to slow down gets so much of the pace it was asked at, but never less than the least.
SLOWED = 0.5
LEAST_SHARE = 0.02
# Percent of the far end's allowance, as it counts aloud: from where the pace falls, and where nothing more is sent
# (Graph API, "Rate limits": calls are refused at 100).
EASE_AT, STOP_AT = 80.0, 95.0
# Seconds after which the whole pace is tried again, getting there evenly.
RECOVERY = 120.0


def share(slowed_to: float, seconds: float) -> float:
    """What share of its pace a page may use, `seconds` after it was slowed to a share of `slowed_to`."""
    back = min(max(seconds / RECOVERY, 0.0), 1.0)
    return slowed_to + (1.0 - slowed_to) * back


def slower(now: float) -> float:
    """The share that is left when the far end asks to slow down at a share of `now`."""
    return max(now * SLOWED, LEAST_SHARE)


def eased(used: float) -> float:
    """The share of the pace that is left at so much of the allowance: half of it at first, then less and less."""
    left = min(max((STOP_AT - used) / (STOP_AT - EASE_AT), 0.0), 1.0)
    return max(SLOWED * left, LEAST_SHARE) if used >= EASE_AT else 1.0


@dataclass(slots=True)
class Pace:
    """`per_second` None is no limit. `next_at` is when the next message may start, on the caller's clock (seconds)."""

    per_second: float | None
    next_at: float

    def until_room(self, now: float) -> float:
        """Seconds until half the horizon is free: rows are marked by handfuls, not one by one."""
        return 0.0 if self.per_second is None else max(0.0, self.next_at - now - HORIZON / 2)

    def room(self, now: float, most: int) -> int:
        """How many messages may be given their start within the horizon; at least one when one is due."""
        if self.per_second is None:
            return most
        if self.until_room(now):
            return 0
        ahead = now + HORIZON - max(self.next_at, now)
        return max(1, min(most, int(ahead * self.per_second)))

    def least_gap(self) -> float:
        """Seconds that any two starts are apart, whatever held the first one up."""
        return 0.0 if self.per_second is None else CATCHING_UP / self.per_second

    def slot(self, now: float) -> float:
        """When the next message could start."""
        return now if self.per_second is None else max(self.next_at, now)

    def take(self, now: float) -> float:
        """When the next message starts."""
        start = self.slot(now)
        if self.per_second is not None:
            self.next_at = start + 1 / self.per_second
        return start

    def after(self, count: int, now: float) -> float:
        """Seconds from `now` until a message could start, were `count` more given theirs."""
        if self.per_second is None:
            return 0.0
        return self.slot(now) - now + count / self.per_second


def in_turn(pace: Pace, earliest: Sequence[float], now: float) -> Iterator[tuple[int, float]]:
    """Gives each message its start: pairs of its place in `earliest` and the time, in the order of the times.

    `earliest` says for each when it may start at the soonest. Those that have to wait for that leave what is free
    before it to the others.
    """
    ready = deque(place for place, soonest in enumerate(earliest) if soonest <= now)
    later = deque(sorted((place for place, soonest in enumerate(earliest) if soonest > now), key=earliest.__getitem__))
    while ready or later:
        waited = later and (not ready or earliest[later[0]] <= pace.slot(now))
        place = later.popleft() if waited else ready.popleft()
        yield place, pace.take(max(now, earliest[place]))
