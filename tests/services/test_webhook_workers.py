"""A real web server, worker and beat: what Facebook posts is in the conversation, also when every hint is lost."""

import http.client
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.proof import servers
from messenger_admin.supervisor import stack
from pages import hints
from pages.models import Page, ThreadMessage, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.states import GatewayKind
from pages.webhooks.inbox import receive
from tests.factories import LinkedPageFactory
from tests.support.databases import database_url
from tests.support.facebook import URL, body_of, entry, message, signature
from tests.support.processes import Running, environment, free_port, running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
CELERY = ("-m", "celery", "--app", "messenger_admin", "--quiet")
ALONE = ("--pool", "threads", "--without-mingle", "--without-gossip", "--without-heartbeat")
SECRET, EVENTS = "the app's secret", 30


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(
        DATA_DIR=str(settings.DATA_DIR),
        DATABASE_URL=database_url(),
        CELERY_BROKER_URL=f"embedded:///{quote(str(tmp_path / 'broker.sqlite3'))}",
        SWEEP_SECONDS="0.5",
        LOG_LEVEL="WARNING",
        PORT=str(free_port()),
        FACEBOOK_APP_ID="1",
        FACEBOOK_APP_SECRET=SECRET,
    )


@pytest.fixture
def worker(env: dict[str, str]) -> Iterator[Running]:
    beat = running(*CELERY, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", env=env)
    with running(*CELERY, "worker", *ALONE, "--concurrency", "2", env=env) as started, beat:
        yield started
        started.send(signal.SIGTERM)
        started.wait(20)


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory(gateway=GatewayKind.META)
    return linked


def is_processed() -> bool:
    return WebhookEvent.objects.filter(state=EventState.DONE).count() == EVENTS


def test_what_is_posted_is_processed_by_the_worker(
    page: Page, env: dict[str, str], worker: Running, settings: Settings
) -> None:
    settings.PORT = int(env["PORT"])
    with running(*stack.web()._arguments, env=env):
        wait_for(lambda: servers.listens(settings.PORT), "the web server")
        with closing(http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=30)) as connection:
            for number in range(EVENTS):
                body = body_of(entry(page.page_id, message(page.page_id, str(number % 3), "hi")))
                headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body, secret=SECRET)}
                connection.request("POST", URL, body, headers)
                answer = connection.getresponse()
                assert (answer.status, answer.read()) == (200, b"EVENT_RECEIVED")

        wait_for(is_processed, f"every event\n{worker.said}", seconds=180)

    assert ThreadMessage.objects.count() == EVENTS


def test_the_sweep_finds_what_nobody_hinted_to(page: Page, worker: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_hint", lambda *_task: None)
    for number in range(EVENTS):
        receive(body_of(entry(page.page_id, message(page.page_id, str(number), "hi"))), now=timezone.now())

    wait_for(is_processed, f"every event\n{worker.said}", seconds=180)

    assert set(WebhookPost.objects.values_list("state", flat=True)) == {PostState.SPLIT}


def test_who_has_no_broker_answers_facebook_all_the_same(
    page: Page, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FACEBOOK_APP_SECRET = SECRET
    said: list[str] = []

    def away(name: str) -> None:
        said.append(name)
        raise OSError

    monkeypatch.setattr(current_app, "send_task", away)
    body = body_of(entry(page.page_id, message(page.page_id, "7", "hi")))

    answer = client.generic("POST", URL, body, headers={"X-Hub-Signature-256": signature(body, secret=SECRET)})

    assert answer.status_code == 200
    wait_for(lambda: said == [hints.PROCESS_WEBHOOKS], "the hint")
