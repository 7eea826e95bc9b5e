"""Several connections at once: the same events in many posts, several workers on one inbox. Each event counts once."""

from collections import Counter
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from pages.events import MessageReceived
from pages.models import Page, ThreadMessage, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.webhooks import splitting
from pages.webhooks.processing import process_due
from tests.pages.webhooks.inbox import Listener, received, split_all
from tests.support.facebook import JSON, body_of, entry, message, post_body
from tests.support.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4


def many(page: Page) -> list[JSON]:
    return [message(page.page_id, str(number), "hi", mid=f"m_{number}") for number in range(200)]


def test_the_same_events_posted_at_once_in_any_order_are_stored_once(page: Page) -> None:
    told = many(page)
    bodies = [body_of(entry(page.page_id, *part)) for part in (told, told[::-1], told[100:] + told[:100], told[50:])]

    answers = race(*(partial(post_body, Client(), body) for body in bodies))
    done = race(*(split_all for _worker in range(AT_ONCE)))

    assert [getattr(answer, "status_code", answer) for answer in answers] == [200] * AT_ONCE
    assert done == [None] * AT_ONCE
    assert WebhookEvent.objects.count() == len(told)
    assert set(WebhookPost.objects.values_list("state", flat=True)) == {PostState.SPLIT}


def test_several_workers_hand_each_event_on_once(page: Page, listener: Listener) -> None:
    told = many(page)
    for part in (told[:70], told[70:140], told[140:]):
        received(page, *part)

    # One that finds its rows taken by others has nothing to do, and ends; so each comes back.
    done = race(*(partial(process_due, seconds=20.0) for _worker in range(AT_ONCE)))
    while process_due():
        pass

    assert all(isinstance(count, int) for count in done), done
    heard = Counter(event.mid for event in listener.heard if isinstance(event, MessageReceived))
    assert heard == {f"m_{number}": 1 for number in range(len(told))}
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {EventState.DONE}
    assert ThreadMessage.objects.count() == len(told)


def test_one_persons_events_meet_in_one_thread(page: Page, listener: Listener) -> None:
    """Several workers write to one conversation: they wait for each other, or come again."""
    for number in range(40):
        received(page, message(page.page_id, "7", str(number), mid=f"m_{number}"))

    race(*(partial(process_due, seconds=20.0) for _worker in range(AT_ONCE)))
    WebhookEvent.objects.filter(state=EventState.WAITING).update(next_try_at=timezone.now())
    while process_due():
        pass

    assert ThreadMessage.objects.count() == 40
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {EventState.DONE}


def test_a_post_is_taken_apart_by_one_worker(page: Page) -> None:
    received(page, *many(page))

    found = race(*(partial(splitting.split_next, now=timezone.now()) for _worker in range(AT_ONCE)))

    assert sorted(map(bool, found)) == [False] * (AT_ONCE - 1) + [True]
    assert WebhookEvent.objects.count() == 200
