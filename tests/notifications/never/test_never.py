"""Never to someone who did not agree: random histories against the real services (docs/adr/0015)."""

import os
import sys
from collections.abc import Iterator
from unittest.mock import patch

import hypothesis
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from notifications.gateway.wire import pool
from tests.notifications.never.clock import Clock
from tests.notifications.never.far import Far, far
from tests.notifications.never.known import HISTORIES, History
from tests.notifications.never.sending import Sending
from tests.notifications.never.world import World

# `make never` asks for more of them, and for others: NEVER_EXAMPLES, NEVER_STEPS and SEED.
EXAMPLES = int(os.environ.get("NEVER_EXAMPLES") or 8)
STEPS = int(os.environ.get("NEVER_STEPS") or 25)
SEED = os.environ.get("SEED", "") if "NEVER_EXAMPLES" in os.environ else ""

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    with patch.object(timezone, "now", clock.now):
        yield clock


@pytest.fixture
def far_end(settings: Settings) -> Iterator[Far]:
    with far() as end:
        settings.GRAPH_URL = settings.IADVIZE_BASE_URL = end.url
        settings.FACEBOOK_APP_SECRET = "the app's secret"
        settings.PACE_LIMIT = False
        settings.MAX_IN_FLIGHT = 1
        settings.CONNECT_TIMEOUT = settings.TOTAL_TIMEOUT = 5.0
        settings.PUMP_SLICE = 30.0
        yield end
        pool.close_idle()


@pytest.fixture
def world(clock: Clock, far_end: Far) -> World:
    made = World(clock=clock, far=far_end)
    made.make()
    return made


def test_where_a_promise_is_at_stake_it_is_kept(world: World) -> None:
    Sending.world = world
    for name, history in HISTORIES.items():
        try:
            lived_through(history)
        except AssertionError as error:
            error.add_note(f"in: {name}")
            raise


def lived_through(history: History) -> None:
    machine = Sending()
    try:
        for act in history:
            machine.goes_on(act=act, then=())
            machine.check()
    finally:
        machine.teardown()


def test_nobody_is_written_to_who_did_not_agree(world: World) -> None:
    Sending.world = world
    machine = hypothesis.seed(int(SEED))(Sending) if SEED else Sending
    sys.stdout.write(f"never: seed {SEED}; `make never SEED={SEED}` draws the same\n" if SEED else "")

    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            # The same histories each time, unless others are asked for.
            derandomize=not SEED,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
