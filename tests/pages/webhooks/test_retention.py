"""What Facebook told goes after WEBHOOK_DAYS; what nobody worked on does not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from pages.models import Page, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.retention import kind, running
from pages.retention.kinds import KINDS
from pages.webhooks.inbox import receive
from tests.pages.webhooks.inbox import received, split_all
from tests.support.facebook import message

pytestmark = pytest.mark.django_db

PSID = "7012345678900001"
OF_WEBHOOKS = [each for each in KINDS if each.setting == "WEBHOOK_DAYS"]


@pytest.fixture(autouse=True)
def ten_days(settings: Settings) -> None:
    settings.WEBHOOK_DAYS = 10


def enforce() -> int:
    return running.run_due(OF_WEBHOOKS, now=timezone.now(), seconds=60)


def told(page: Page, *, days: int, state: str) -> None:
    received(page, message(page.page_id, PSID, "hi"), at=timezone.now() - timedelta(days=days))
    split_all()
    WebhookEvent.objects.filter(state=EventState.WAITING).update(state=state)


def test_events_and_posts_go_when_they_are_old_enough(page: Page) -> None:
    for state in (EventState.DONE, EventState.FAILED, EventState.IGNORED):
        told(page, days=11, state=state)
    told(page, days=9, state=EventState.DONE)
    receive(b"no json", now=timezone.now() - timedelta(days=11))
    split_all()

    assert enforce() == 3 + 4

    assert WebhookEvent.objects.count() == WebhookPost.objects.count() == 1


def test_what_nobody_worked_on_stays(page: Page) -> None:
    told(page, days=11, state=EventState.WAITING)
    received(page, message(page.page_id, PSID), at=timezone.now() - timedelta(days=11))

    enforce()

    assert WebhookEvent.objects.get().state == EventState.WAITING
    assert WebhookPost.objects.get().state == PostState.RECEIVED


def test_a_backlog_goes_in_steps(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "CHUNK", 2)
    for _event in range(3):
        told(page, days=11, state=EventState.DONE)
    events = next(each for each in OF_WEBHOOKS if each.name == "webhook_events")

    running.one_step(events, now=timezone.now())
    assert WebhookEvent.objects.count() == 1
    running.one_step(events, now=timezone.now())

    assert not WebhookEvent.objects.exists()
