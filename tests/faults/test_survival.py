"""What the ledger says is what the far end received, whatever is done to workers, broker, database and clocks."""

import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

import pytest
from django.conf import settings

from messenger_admin.proof import report, stages
from messenger_admin.proof.run import Proof, prove
from messenger_admin.proof.schedule import Fault, Telling, schedule
from messenger_admin.proof.stages import Broker, Stage
from tests.support import services

pytestmark = pytest.mark.services

PAGES = 4
SINGLES = 40
# A database that is back before the lease runs out costs no doubt.
PATIENT = {"LEASE_SECONDS": "12"}
# How many times the deliveries there are when all had left before the last blow.
LONGER = 3
# Who wakes finds the slice still open, and would go on if nothing but the slice stopped it.
LONG_SLICE = {"PUMP_SLICE": "20"}


Where = Callable[[], AbstractContextManager[Stage]]


def on_given(broker_url: str, tuning: Mapping[str, str] | None = None) -> Where:
    return partial(stages.given, database_url=settings.DATABASE_URL, broker_url=broker_url, workers=2, tuning=tuning)


def own(broker: Broker, tuning: Mapping[str, str] | None = None) -> Where:
    return partial(stages.own, broker=broker, workers=2, tuning=tuning)


def embedded() -> AbstractContextManager[Stage]:
    return stages.given(database_url="sqlite:////nowhere", broker_url="embedded:////nowhere", workers=1)


def proved(where: Where, counts: Mapping[Fault, int], seed: int, deliveries: int) -> Proof:
    """The proof. How long a blow takes is the machine's affair: where all had left before the last, more are sent."""
    proof = attempt(where, counts, seed, deliveries)
    if len(proof.blows) < proof.planned:
        deliveries *= LONGER
        proof = attempt(where, counts, seed, deliveries)
    assert len(proof.blows) == proof.planned, "too fast"
    return proof


def attempt(where: Where, counts: Mapping[Fault, int], seed: int, deliveries: int) -> Proof:
    """When it fails, with all that is known of it."""
    with where() as stage:
        proof = prove(
            place=stage.place,
            breakable=stage.breakable,
            people={"pages": PAGES, "customers": deliveries - SINGLES, "singles": SINGLES},
            acts=schedule(seed=seed, counts=counts),
            say=lambda fault, ended: sys.stdout.write(f"{ended:>6} {fault}\n"),
        )
    report.keep(proof, seed=seed)
    said = "\n".join(report.lines(proof, seed=seed))
    sys.stdout.write(f"{said}\n")
    assert not proof.violations, said
    shutil.rmtree(proof.folder, ignore_errors=True)
    return proof


@pytest.mark.parametrize("broker_url", [services.RABBITMQ, services.REDIS], ids=["rabbitmq", "redis"])
def test_workers_that_are_killed_neither_lose_nor_repeat(broker_url: str, seed: int) -> None:
    proof = proved(on_given(broker_url), {Fault.KILL: 6, Fault.KILL_ALL: 1}, seed, 5_000)

    assert proof.in_flight > 0


def test_the_embedded_stack_survives_kills(seed: int) -> None:
    proof = proved(embedded, {Fault.KILL: 3}, seed, 3_000)

    assert proof.in_flight > 0


def test_a_worker_that_was_frozen_beyond_its_lease_sends_nothing_more(seed: int) -> None:
    proved(on_given(services.REDIS, LONG_SLICE), {Fault.FREEZE: 2}, seed, 4_000)


def test_a_far_end_that_misbehaves_costs_what_it_says(seed: int) -> None:
    proved(on_given(services.RABBITMQ), {Fault.MISBEHAVE: len(Telling)}, seed, 2_000)


def test_the_same_hint_at_many_workers_many_times_changes_nothing(seed: int) -> None:
    proof = proved(on_given(services.RABBITMQ), {Fault.HINTS: 2}, seed, 3_000)

    assert proof.counts.keys() == {"sent"}


@pytest.mark.parametrize("broker", list(Broker))
def test_a_broker_that_restarts_or_forgets_everything_delays_only(broker: Broker, seed: int) -> None:
    proof = proved(own(broker), {Fault.BROKER: 1, Fault.WIPE: 1}, seed, 4_000)

    assert proof.counts.keys() == {"sent"}


def test_a_database_that_restarts_leaves_nothing_in_doubt(seed: int) -> None:
    counts = {Fault.DATABASE_FAST: 1, Fault.DATABASE_IMMEDIATE: 1}

    proof = proved(own(Broker.REDIS, PATIENT), counts, seed, 2_000)

    assert proof.counts.keys() == {"sent"}


def test_wall_clocks_that_jump_delay_only(seed: int) -> None:
    counts = {Fault.WORKER_CLOCK: 1, Fault.DATABASE_CLOCK: 1}

    proved(own(Broker.REDIS), counts, seed, 8_000)
