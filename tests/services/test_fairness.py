"""Fifty pages with work share two worker processes, and none of them waits longer than its turn takes to come."""

import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from messenger_admin.supervisor.stack import WORKER_THREADS
from notifications.models import Lease
from notifications.services import campaigns, expansion
from notifications.services.sweep import sweep
from optins.models import OptIn
from optins.states import Lifetime, Source
from pages.models import Page
from tests.factories import CampaignFactory, LinkedPageFactory
from tests.services.test_workers import CELERY, forget
from tests.support import services
from tests.support.databases import database_url
from tests.support.processes import environment, running, wait_for
from tests.support.sandbox import FarEnd, far_end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

PAGES, WORKERS, SLICE, SWEEP, WATCHED = 50, 2, 0.2, 0.5, 7.0
THREADS = WORKERS * WORKER_THREADS


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as end:
        yield end


@pytest.fixture(params=["rabbitmq", "redis"])
def workers(request: pytest.FixtureRequest, sandbox: FarEnd) -> Iterator[None]:
    queue = f"messenger-admin-test-{uuid.uuid4().hex}"
    url = services.RABBITMQ if request.param == "rabbitmq" else services.REDIS
    env = environment(
        DATA_DIR=str(settings.DATA_DIR),
        DATABASE_URL=database_url(),
        CELERY_BROKER_URL=url,
        CELERY_QUEUE=queue,
        SANDBOX_PORT=str(sandbox.port),
        PUMP_SLICE=str(SLICE),
        SWEEP_SECONDS=str(SWEEP),
        LOG_LEVEL="WARNING",
    )
    threads = ("--pool", "threads", "--concurrency", str(WORKER_THREADS))
    beat = running(*CELERY, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", env=env)
    with ExitStack() as stack:
        for number in range(WORKERS):
            stack.enter_context(running(*CELERY, "worker", *threads, "--hostname", f"{number}-{queue}@%h", env=env))
        stack.enter_context(beat)
        yield
    forget(url, queue)


def with_work(count: int) -> None:
    """A page with more to send than the test will see."""
    page = LinkedPageFactory(messages_per_second=20)
    now = timezone.now()
    OptIn.objects.bulk_create(
        OptIn(page=page, customer_id=f"{page.pk}-{n}", lifetime=Lifetime.DURABLE, source=Source.IMPORT, agreed_at=now)
        for n in range(count)
    )
    campaign = CampaignFactory(page=page)
    assert campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    expansion.expand(campaign.pk)


def turns() -> dict[int, int]:
    """How many turns each page has had."""
    return dict(Lease.objects.values_list("page_id", "fence"))


def longest_wait(sandbox: FarEnd, began: float, ended: float) -> float:
    """The longest time in which nothing of a page arrived."""
    arrived = {page_id: [began] for page_id in Page.objects.values_list("page_id", flat=True)}
    for message in sandbox.received():
        if began <= message.received_at <= ended:
            arrived[message.page_id].append(message.received_at)
    return max(later - sooner for times in arrived.values() for sooner, later in pairwise([*times, ended]))


def test_no_page_starves(workers: None, sandbox: FarEnd) -> None:
    for _ in range(PAGES):
        with_work(60)
    sweep()
    wait_for(lambda: len(turns()) == PAGES, "a first turn of every page", seconds=180)

    before, began = turns(), time.time()
    time.sleep(WATCHED)
    after, ended = turns(), time.time()

    had = [after[page] - before[page] for page in after]
    assert max(had) - min(had) <= 2, "the turns go round"
    # A round takes each page's turn, as long as it is on this machine, shared among the threads; and a lost hint is
    # found by the sweep after next.
    turn = (ended - began) * THREADS / sum(had)
    assert longest_wait(sandbox, began, ended) <= 1.5 * PAGES / THREADS * turn + 2 * SWEEP
