"""One worker process against a bare loop, one Celery task per message, and django-post-office.

A campaign of 200,000 is sent in legs; between two legs the others send theirs to the same far end, so that whatever
else the machine does weighs on all of them alike.
"""

from contextlib import ExitStack
from typing import Any

from bench.lab import Lab
from bench.legs import IN_FLIGHT, Leg, bare, expanded, leg, warm
from bench.measures import mail
from bench.measures.tasks import tasks
from bench.rows import Row, middle, rounded

CAMPAIGN = 200_000
BARE = 30_000
TASKS = 2_000
MAILS = 2_000


def measure(lab: Lab) -> list[Row]:
    size, rounds = lab.of(CAMPAIGN), lab.rounds(3)
    legs: list[Leg] = []
    bares: list[Leg] = []
    tasked: list[float] = []
    mailed: list[float] = []
    with ExitStack() as stack:
        installation = stack.enter_context(lab.installed())
        end = stack.enter_context(lab.far_end(installation))
        inside = stack.enter_context(installation.inside())
        page = inside.do("page", optins=size)
        other = inside.do("page", optins=500)
        campaign = expanded(inside, page)
        worker = stack.enter_context(installation.worker())
        stack.enter_context(installation.beat())
        warm(inside, other)
        for _ in rounds:
            bares.append(bare(lab, end, page, count=lab.of(BARE)))
            legs.append(leg(inside, worker, end, campaign, more=size // len(rounds) - 1000))
            tasked.append(tasks(lab, installation, end, page, count=lab.of(TASKS)))
            mailed.append(mail.mails(lab, installation, page, count=lab.of(MAILS)))
            lab.say(f"{legs[-1]} bare {bares[-1]} tasks {tasked[-1]:.0f}/s mail {mailed[-1]:.0f}/s")
    return _rows(legs, bares, tasked, mailed)


def _rows(legs: list[Leg], bares: list[Leg], tasked: list[float], mailed: list[float]) -> list[Row]:
    ours = [one.per_second for one in legs]
    detail: dict[str, Any] = {
        "deliveries_per_second": rounded(ours),
        "bare_per_second": rounded([one.per_second for one in bares]),
        "tasks_per_second": rounded(tasked),
        "mails_per_second": rounded(mailed),
        "cpu_microseconds": rounded([one.cpu for one in legs]),
        "bare_cpu_microseconds": rounded([one.cpu for one in bares]),
        "far_end_cpu_share": rounded([one.far_end for one in legs], 2),
        "far_end_cpu_share_bare": rounded([one.far_end for one in bares], 2),
        "in_flight": IN_FLIGHT,
    }
    pairs = list(zip(legs, bares, strict=True))
    against_bare = middle([mine.per_second / theirs.per_second for mine, theirs in pairs])
    against_tasks = middle([mine / theirs for mine, theirs in zip(ours, tasked, strict=True)])
    against_mails = middle([mine / theirs for mine, theirs in zip(ours, mailed, strict=True)])
    cpu = middle([mine.cpu / theirs.cpu for mine, theirs in pairs])
    return [
        Row(name="throughput against a bare loop", value=against_bare, least=0.35, unit="x", detail=detail),
        Row(name="throughput against a task per message", value=against_tasks, least=20, unit="x", detail=detail),
        Row(name="throughput against django-post-office", value=against_mails, least=10, unit="x", detail=detail),
        Row(name="CPU per delivery against a bare loop", value=cpu, most=4, unit="x", detail=detail),
    ]
