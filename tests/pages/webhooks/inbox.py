"""Posts in the inbox, and an app above that listens to what is handed on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from pages.events import Event
from pages.models import Page, Thread, WebhookEvent, WebhookPost
from pages.webhooks import splitting
from pages.webhooks.inbox import receive
from tests.support.facebook import JSON, body_of, entry


def received(page: Page, *events: JSON, at: datetime | None = None) -> None:
    """One signed post with these events of the page."""
    receive(body_of(entry(page.page_id, *events)), now=at or timezone.now())


def split_all() -> None:
    while splitting.split_next(now=timezone.now()):
        pass


def due() -> None:
    """As if every pause were over."""
    WebhookEvent.objects.update(next_try_at=timezone.now())


def states() -> list[str]:
    return list(WebhookEvent.objects.order_by("pk").values_list("state", flat=True))


def post_states() -> list[str]:
    return list(WebhookPost.objects.order_by("pk").values_list("state", flat=True))


@dataclass
class Listener:
    """A receiver of `facebook_event`; `break_on` says of which events it raises."""

    heard: list[Event] = field(default_factory=list)
    threads: list[Thread | None] = field(default_factory=list)
    break_on: Callable[[Event], bool] = lambda _event: False
    error: Exception = field(default_factory=lambda: RuntimeError("the receiver broke"))

    def __call__(self, *, event: Event, thread: Thread | None, **_others: Any) -> None:
        self.heard.append(event)
        self.threads.append(thread)
        if self.break_on(event):
            raise self.error
