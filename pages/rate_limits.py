"""A token's pace as a bucket that many processes share without asking for each request. Pure.

The bucket is one point in time, kept in the database: how far the requests granted so far reach at the token's pace.
It may lie a second ahead, no more: that second is the burst. A process takes a tenth of a second's worth at once and
spends it by itself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

BURST = timedelta(seconds=1)
PORTIONS = 10  # in a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """`requests` that are taken together, and the `time` they take at the token's pace."""

    requests: int
    time: timedelta

    @classmethod
    def of(cls, requests_per_second: int) -> "Portion":
        requests = max(1, requests_per_second // PORTIONS)
        return cls(requests=requests, time=timedelta(seconds=requests / requests_per_second))

    def wait(self, granted_until: datetime, now: datetime) -> timedelta:
        """How long until the next portion may be had; not positive: now."""
        return granted_until + self.time - BURST - now


@dataclass(slots=True)
class Purse:
    """What one process has left of a token's requests; shared by its threads."""

    left: int = 0
    refused_until: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def spend(self, now: datetime) -> timedelta | None:
        """Zero: one was spent. Longer: wait so long. None: there is nothing left, and more may be had."""
        with self._lock:
            if self.left:
                self.left -= 1
                return timedelta(0)
            if self.refused_until and now < self.refused_until:
                return self.refused_until - now
            return None

    def put(self, requests: int) -> None:
        with self._lock:
            self.left += requests

    def refuse(self, until: datetime) -> None:
        with self._lock:
            self.refused_until = until
