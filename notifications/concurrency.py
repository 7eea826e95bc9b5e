"""How many requests a page has in flight at once: as many as the far end answers without getting slower. Pure.

Latency is compared with the best that was seen. While it stays near that, a limit that is used up grows; when requests
begin to queue at the far end, or it hangs, the limit shrinks, and with it what a crash would leave in doubt. Where it
is no better with the fewest in flight, the far end is not crowded but slower than it was, and that is the new best.
"""

from dataclasses import dataclass, field
from statistics import median

FIRST = 16
LEAST = 4
# Latency may rise to so many times the best, and by so many seconds on top, before the limit shrinks: below that it is
# this machine's own business that is measured.
TOLERANCE = 2.0
SLACK = 0.02
# A far end that takes longer than this, in seconds, gets few requests at a time, however steady it is.
SLOWEST_BEST = 2.0
# Answers for one look at least; and the most by which one look shrinks the limit.
SAMPLES = 8
STEEPEST = 0.5


@dataclass(slots=True)
class Concurrency:
    """`limit` is between LEAST (or `ceiling`, if that is less) and `ceiling`; latencies are in seconds."""

    ceiling: int
    limit: int
    best: float | None = None
    doubling: bool = True
    used_up: bool = False
    samples: list[float] = field(default_factory=list)

    @classmethod
    def begin(cls, *, ceiling: int, limit: int | None, best: float | None) -> "Concurrency":
        """`limit` and `best` are those at which the page was left; without them it begins low and learns fast."""
        known = limit is not None and best is not None
        start = limit if limit is not None and known else FIRST
        return cls(ceiling=ceiling, limit=max(min(start, ceiling), min(LEAST, ceiling)), best=best, doubling=not known)

    def note(self, seconds: float, *, in_flight: int) -> bool:
        """One answer's latency, and how many requests were in flight then. True: the limit has changed."""
        self.samples.append(seconds)
        self.used_up = self.used_up or in_flight >= self.limit
        if len(self.samples) < max(SAMPLES, self.limit):
            return False
        before = self.limit
        self._look(median(self.samples))
        self.samples.clear()
        self.used_up = False
        return self.limit != before

    def _look(self, latency: float) -> None:
        self.best = min(latency, SLOWEST_BEST if self.best is None else self.best)
        least = min(LEAST, self.ceiling)
        tolerable = self.best * TOLERANCE + SLACK
        if latency > tolerable:
            self.doubling = False
            if self.limit == least:
                self.best = min(latency, SLOWEST_BEST)
            self.limit = max(least, int(self.limit * max(STEEPEST, tolerable / latency)))
        elif self.used_up:
            step = self.limit if self.doubling else max(1, self.limit // 8)
            self.limit = min(self.ceiling, self.limit + step)
