"""Real workers and a real beat on each broker, a real far end: what was received is what the ledger says."""

import signal
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.utils import timezone
from kombu import Connection, Queue
from redis import Redis

from notifications.models import Campaign, Delivery, Heartbeat
from notifications.services import campaigns
from notifications.states import CampaignState, DeliveryState
from tests.factories import CampaignFactory, LinkedPageFactory, OptInFactory
from tests.support import services
from tests.support.databases import database_url
from tests.support.ledger import states
from tests.support.processes import Running, TooLate, environment, running, wait_for
from tests.support.sandbox import FarEnd, far_end

pytestmark = pytest.mark.django_db(transaction=True)
CELERY = ("-m", "celery", "--app", "messenger_admin", "--quiet")
ALONE = ("--without-mingle", "--without-gossip", "--without-heartbeat")
CUSTOMERS = 50


@dataclass(frozen=True)
class Broker:
    """Where hints travel, and the pool that its workers use."""

    url: str
    queue: str
    pool: tuple[str, ...]


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("rabbitmq", marks=pytest.mark.services),
        pytest.param("redis", marks=pytest.mark.services),
    ]
)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A queue of the test's own, so that runs on one broker don't mix."""
    queue = f"messenger-admin-test-{uuid.uuid4().hex}"
    if request.param == "embedded":
        yield Broker(f"embedded:///{quote(str(tmp_path / 'broker.sqlite3'))}", queue, ("--pool", "threads", *ALONE))
        return
    url = services.RABBITMQ if request.param == "rabbitmq" else services.REDIS
    yield Broker(url, queue, ("--pool", "prefork", "--hostname", f"{queue}@%h"))
    forget(url, queue)


def forget(url: str, queue: str) -> None:
    if url.startswith("redis"):
        # kombu deletes only what it declared over the same connection.
        with Redis.from_url(url) as redis:
            redis.delete(queue, f"_kombu.binding.{queue}", f"_kombu.binding_permanent.{queue}")
    else:
        with Connection(url) as theirs:
            Queue(queue, channel=theirs.channel()).delete()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as end:
        yield end


@pytest.fixture
def env(broker: Broker, sandbox: FarEnd) -> dict[str, str]:
    return environment(
        DATA_DIR=str(settings.DATA_DIR),
        DATABASE_URL=database_url(),
        CELERY_BROKER_URL=broker.url,
        CELERY_QUEUE=broker.queue,
        SANDBOX_PORT=str(sandbox.port),
        SWEEP_SECONDS="0.5",
        RETRY_BASE_SECONDS="1",
        PACE_LIMIT="false",
        LOG_LEVEL="WARNING",
    )


@pytest.fixture
def worker(broker: Broker, env: dict[str, str]) -> Iterator[Running]:
    beat = running(*CELERY, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", env=env)
    with running(*CELERY, "worker", *broker.pool, "--concurrency", "2", env=env) as started, beat:
        yield started
        started.send(signal.SIGTERM)
        started.wait(20)


def launch(customers: int) -> Campaign:
    page = LinkedPageFactory(messages_per_second=300)
    OptInFactory.create_batch(customers, page=page)
    campaign: Campaign = CampaignFactory(page=page)
    assert campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    return campaign


def is_finished(campaign: Campaign) -> bool:
    return Campaign.objects.filter(pk=campaign.pk, state=CampaignState.FINISHED).exists()


def test_a_campaign_goes_to_everyone_exactly_once(worker: Running, sandbox: FarEnd) -> None:
    campaign = launch(CUSTOMERS)

    with suppress(TooLate):
        wait_for(lambda: is_finished(campaign), "the end of the campaign", seconds=180)
    assert is_finished(campaign), f"{states(campaign)}\n{worker.said}"

    asked = Delivery.objects.filter(campaign=campaign).values_list("optin__customer_id", flat=True)
    assert sorted(message.customer_id for message in sandbox.received()) == sorted(asked)
    assert states(campaign) == {DeliveryState.SENT.value: CUSTOMERS}
    assert Heartbeat.objects.filter(name="worker").exists()


def test_a_worker_that_is_asked_to_stop_ends_without_a_complaint(worker: Running) -> None:
    wait_for(lambda: Heartbeat.objects.filter(name="worker").exists(), "a first sweep", seconds=180)

    worker.send(signal.SIGTERM)

    assert worker.wait(20) == 0
    assert "Traceback" not in worker.said
