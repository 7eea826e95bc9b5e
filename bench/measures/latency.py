"""A far end that takes 50 ms: one worker on one page against a bare loop, and two workers on two pages against one."""

from contextlib import ExitStack
from typing import Any

from bench.lab import Lab
from bench.legs import IN_FLIGHT, Leg, bare, expanded, leg, pair, warm
from bench.rows import Row, middle, rounded

LATENCY = 0.05
ROUNDS = 3
# Of each leg; a quick one is still long enough for the pump to find how many in flight are good.
MESSAGES = 10_000


def measure(lab: Lab) -> list[Row]:
    count = MESSAGES // 4 if lab.quick else MESSAGES
    rounds = lab.rounds(ROUNDS)
    ones: list[Leg] = []
    twos: list[Leg] = []
    bares: list[Leg] = []
    with ExitStack() as stack:
        installation = stack.enter_context(lab.installed())
        end = stack.enter_context(lab.far_end(installation))
        inside = stack.enter_context(installation.inside())
        size = count * (2 * len(rounds) + 1)
        pages = [inside.do("page", optins=size) for _ in range(2)]
        campaigns = [expanded(inside, page) for page in pages]
        other = inside.do("page", optins=500)
        stack.enter_context(installation.beat())
        first = stack.enter_context(installation.worker())
        end.be_slow(LATENCY)
        warm(inside, other)
        for _ in rounds:
            bares.append(bare(lab, end, pages[0], count=count))
            ones.append(leg(inside, first, end, campaigns[0], more=count))
            with installation.worker() as second:
                inside.do("wait_for_workers", count=2)
                twos.append(pair(inside, (first, second), end, campaigns, more=count))
            lab.say(f"one {ones[-1]} two {twos[-1]} bare {bares[-1]}")
    return _rows(ones, twos, bares)


def _rows(ones: list[Leg], twos: list[Leg], bares: list[Leg]) -> list[Row]:
    detail: dict[str, Any] = {
        "one_per_second": rounded([one.per_second for one in ones]),
        "two_per_second": rounded([two.per_second for two in twos]),
        "bare_per_second": rounded([one.per_second for one in bares]),
        "far_end_cpu_share": rounded([one.far_end for one in twos], 2),
        "in_flight": IN_FLIGHT,
    }
    against_bare = middle([mine.per_second / theirs.per_second for mine, theirs in zip(ones, bares, strict=True)])
    doubled = middle([two.per_second / one.per_second for two, one in zip(twos, ones, strict=True)])
    return [
        Row(name="throughput at 50 ms against a bare loop", value=against_bare, least=0.6, unit="x", detail=detail),
        Row(name="two workers on two pages against one", value=doubled, least=1.8, unit="x", detail=detail),
    ]
