"""A campaign of a million: from the click to the first message, from the next click to the last; memory; its page."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench.lab import Lab
from bench.rows import Row, rounded
from bench.stack.far_end import FarEnd
from bench.stack.installation import PASSWORD, Inside, Installation
from bench.stack.processes import Process, peak_megabytes, wait_for
from bench.visitor import Visitor

AUDIENCE, SMALL, SMALLEST = 1_000_000, 10_000, 1_000
BATCH = 100
PAUSES = 3
# Seconds: of sending before a pause, and of silence after it before the late ones are counted.
SENDING, SILENCE = 2.0, 1.5
VISITS = 15


@dataclass(slots=True)
class Seen:
    """Seconds, messages and megabytes."""

    first: float = 0.0
    late: list[int] = field(default_factory=list)
    small_memory: float = 0.0
    memory: float = 0.0
    visits: dict[str, list[float]] = field(default_factory=dict)


def measure(lab: Lab) -> list[Row]:
    size = lab.of(AUDIENCE)
    rows: list[Row] = []
    for embedded in (False, True):
        where = "embedded" if embedded else "PostgreSQL"
        seen = _seen(lab, size, embedded=embedded)
        lab.say(f"{where}: first after {seen.first:.2f} s, {seen.late} after a pause")
        detail: dict[str, object] = {"audience": size, "late": seen.late}
        rows += [
            Row(name=f"launch click to first message, {where}", value=seen.first, most=2, unit="s", detail=detail),
            Row(name=f"messages after a pause, {where}", value=max(seen.late), most=BATCH, detail=detail),
        ]
        if not embedded:
            rows += [_memory(seen), _page(seen)]
    return rows


def _memory(seen: Seen) -> Row:
    detail: dict[str, object] = {"megabytes": rounded([seen.memory]), "small_megabytes": rounded([seen.small_memory])}
    ratio = seen.memory / seen.small_memory
    return Row(name="memory of the worker, 1,000,000 against 10,000", value=ratio, most=1.1, unit="x", detail=detail)


def _page(seen: Seen) -> Row:
    """The worst of page, progress and tally."""
    milliseconds = {name: round(median(times) * 1000, 2) for name, times in seen.visits.items()}
    ratios = {
        name: milliseconds[f"{name} large"] / milliseconds[f"{name} small"] for name in ("page", "progress", "tally")
    }
    detail: dict[str, object] = {"milliseconds": milliseconds, "ratios": ratios}
    name = "campaign page, progress and tally, 1,000,000 against 1,000"
    return Row(name=name, value=max(ratios.values()), most=1.3, unit="x", detail=detail)


def _seen(lab: Lab, size: int, *, embedded: bool) -> Seen:
    seen = Seen()
    with ExitStack() as stack:
        installation = stack.enter_context(lab.installed(embedded=embedded))
        inside = stack.enter_context(installation.inside())
        inside.do("administrator", password=PASSWORD)
        page, small = (inside.do("page", optins=count)["pk"] for count in (size, SMALL))
        large = inside.do("draft", page=page)
        with ExitStack() as running:
            end = FarEnd(port=installation.port + 1, store=installation.folder / "sandbox.sqlite3")
            if embedded:
                running.enter_context(installation.up())
                worker = None
            else:
                end = running.enter_context(lab.far_end(installation))
                running.enter_context(installation.web())
                worker = running.enter_context(installation.worker())
                running.enter_context(installation.beat())
            visitor = Visitor(installation.port)
            if worker:
                seen.small_memory = _small(inside, small, worker)
            seen.first = _first(visitor, end, large)
            seen.late = [_late(visitor, end, large) for _ in lab.rounds(PAUSES)]
            if worker:
                _finish_expansion(inside, visitor, large)
                seen.memory = peak_megabytes(worker.pid)
        if not embedded:
            seen.visits = _visits(installation, inside, large)
    return seen


def _small(inside: Inside, page: int, worker: Process) -> float:
    """The worker's memory after a whole campaign of 10,000."""
    campaign = inside.do("draft", page=page)
    inside.do("launch", campaign=campaign)
    wait_for(lambda: inside.done(campaign) >= SMALL, "the small campaign", seconds=120)
    return peak_megabytes(worker.pid)


def _first(visitor: Visitor, end: FarEnd, campaign: int) -> float:
    last = end.received()
    clicked, _answered = visitor.press(campaign, "launch")
    wait_for(lambda: end.received() > last, "the first message", seconds=120)
    return end.first_after(last) - clicked


def _late(visitor: Visitor, end: FarEnd, campaign: int) -> int:
    """How many arrive after the answer to the click on pause."""
    time.sleep(SENDING)
    _clicked, answered = visitor.press(campaign, "pause")
    time.sleep(SILENCE)
    late = end.received_since(answered)
    visitor.press(campaign, "resume")
    return late


def _finish_expansion(inside: Inside, visitor: Visitor, campaign: int) -> None:
    wait_for(lambda: inside.do("expanded", campaign=campaign), "the expansion", seconds=300, every=0.5)
    time.sleep(SENDING)
    visitor.press(campaign, "pause")


def _visits(installation: Installation, inside: Inside, large: int) -> dict[str, list[float]]:
    """Both campaigns run, and nobody works: what is looked at does not change meanwhile."""
    page = inside.do("page", optins=SMALLEST)["pk"]
    small = inside.do("draft", page=page)
    inside.do("launch", campaign=small)
    inside.do("expand", campaign=small)
    inside.do("resume", campaign=large)
    found: dict[str, list[float]] = {}
    with installation.web():
        visitor = Visitor(installation.port)
        for _ in range(VISITS):
            for name, campaign in (("small", small), ("large", large)):
                path = f"/admin/notifications/campaign/{campaign}"
                found.setdefault(f"page {name}", []).append(visitor.seconds_of(f"{path}/change/"))
                found.setdefault(f"progress {name}", []).append(visitor.seconds_of(f"{path}/progress.json"))
                found.setdefault(f"tally {name}", []).extend(inside.do("tally_seconds", campaign=campaign, times=5))
    return found
