"""Stretches of sending: a rate, and what it cost on either side."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.lab import Lab
from bench.stack.far_end import FarEnd
from bench.stack.installation import Inside
from bench.stack.processes import Process, cpu_seconds

# What MAX_IN_FLIGHT is by default.
IN_FLIGHT = 64
# Seconds after which a leg that does not end is given up.
LONGEST = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """`cpu` is the sender's, in microseconds for each message; `far_end` is the far end's share of a core."""

    count: int
    seconds: float
    cpu: float
    far_end: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def __str__(self) -> str:
        return f"{self.per_second:.0f}/s {self.cpu:.0f} µs (far end {self.far_end:.0%})"


def expanded(inside: Inside, page: dict[str, Any]) -> int:
    """A campaign to all opt-ins of the page whose rows are made, and that is paused."""
    campaign = int(inside.do("draft", page=page["pk"]))
    inside.do("launch", campaign=campaign)
    inside.do("expand", campaign=campaign)
    inside.do("pause", campaign=campaign)
    inside.do("vacuum")
    return campaign


def warm(inside: Inside, page: dict[str, Any]) -> None:
    """A first small campaign: after it the worker has its connections and its code."""
    campaign = expanded(inside, page)
    inside.do("resume", campaign=campaign)
    inside.wait_for(campaign, left=inside.do("tally", campaign=campaign)["queued"], seconds=60)


def leg(inside: Inside, worker: Process, end: FarEnd, campaign: int, *, more: int) -> Leg:
    """Resumes the campaign until `more` of its deliveries have ended, and pauses it again."""
    return pair(inside, (worker,), end, (campaign,), more=more)


def pair(inside: Inside, workers: Sequence[Process], end: FarEnd, campaigns: Sequence[int], *, more: int) -> Leg:
    """The same for several campaigns at once, together; it ends when the last has ended so many."""
    before, far = [inside.done(one) for one in campaigns], end.cpu()
    used = sum(cpu_seconds(worker.pid) for worker in workers)
    began = time.perf_counter()
    for one in campaigns:
        inside.do("resume", campaign=one)
    for one, done in zip(campaigns, before, strict=True):
        inside.wait_for(one, left=done + more, seconds=LONGEST)
    count, seconds = sum(map(inside.done, campaigns)) - sum(before), time.perf_counter() - began
    used, far = sum(cpu_seconds(worker.pid) for worker in workers) - used, end.cpu() - far
    for one in campaigns:
        rest(inside, one)
    return Leg(count=count, seconds=seconds, cpu=used * 1e6 / count, far_end=far / seconds)


def rest(inside: Inside, campaign: int) -> None:
    """Pauses it, and waits for what is under way."""
    inside.do("pause", campaign=campaign)
    while inside.do("tally", campaign=campaign)["dispatching"]:
        time.sleep(0.05)


def bare(lab: Lab, end: FarEnd, page: dict[str, Any], *, count: int) -> Leg:
    """The same messages by a bare loop; its start and end are not counted."""
    values = {name: page[name] for name in ("page_id", "token", "body")}
    far, began = end.cpu(), time.perf_counter()
    measured = lab.peer("bare", values | {"url": end.url, "count": count, "in_flight": IN_FLIGHT})
    far = (end.cpu() - far) / (time.perf_counter() - began)
    if measured["accepted"] != count:
        raise RuntimeError(f"the bare loop sent {measured['accepted']} of {count}")
    return Leg(count=count, seconds=measured["seconds"], cpu=measured["cpu"] * 1e6 / count, far_end=far)
