"""SQLite and the embedded broker against PostgreSQL, one worker process each, the same campaign, in turns."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from bench.lab import Lab
from bench.legs import Leg, expanded, leg, warm
from bench.rows import Row, middle, rounded

CAMPAIGN = 90_000
ROUNDS = 3


def measure(lab: Lab) -> list[Row]:
    size, rounds = lab.of(CAMPAIGN), lab.rounds(ROUNDS)
    each = size // len(rounds) - 1_000
    mine: list[Leg] = []
    theirs: list[Leg] = []
    with ExitStack() as stack:
        on_sqlite = stack.enter_context(_sending(lab, size, embedded=True))
        on_postgres = stack.enter_context(_sending(lab, size, embedded=False))
        for _ in rounds:
            mine.append(on_sqlite(each))
            theirs.append(on_postgres(each))
            lab.say(f"SQLite {mine[-1]} PostgreSQL {theirs[-1]}")
    ratio = middle([one.per_second / other.per_second for one, other in zip(mine, theirs, strict=True)])
    detail: dict[str, object] = {
        "sqlite_per_second": rounded([one.per_second for one in mine]),
        "postgresql_per_second": rounded([one.per_second for one in theirs]),
        "sqlite_cpu_microseconds": rounded([one.cpu for one in mine]),
        "postgresql_cpu_microseconds": rounded([one.cpu for one in theirs]),
    }
    return [Row(name="SQLite, embedded, against PostgreSQL", value=ratio, least=0.6, unit="x", detail=detail)]


@contextmanager
def _sending(lab: Lab, size: int, *, embedded: bool) -> Iterator[Callable[[int], Leg]]:
    """An installation with a paused campaign; what it gives sends so many of it."""
    with ExitStack() as stack:
        installation = stack.enter_context(lab.installed(embedded=embedded))
        end = stack.enter_context(lab.far_end(installation))
        inside = stack.enter_context(installation.inside())
        campaign = expanded(inside, inside.do("page", optins=size))
        other = inside.do("page", optins=500)
        worker = stack.enter_context(installation.worker())
        stack.enter_context(installation.beat())
        warm(inside, other)
        yield lambda more: leg(inside, worker, end, campaign, more=more)
