"""Each event has one row, in however many posts it comes; and a post that can't be read stands in nobody's way."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from pages.models import Connection, Page, WebhookEvent, WebhookPost
from pages.models.webhook import EventState, PostState
from pages.webhooks import splitting
from pages.webhooks.inbox import receive
from tests.pages.webhooks.inbox import post_states, received, split_all
from tests.support import facebook
from tests.support.facebook import body_of, entry, message

pytestmark = pytest.mark.django_db

PSID = "7012345678900001"


def test_a_post_becomes_its_events_and_its_body_is_emptied(page: Page) -> None:
    before = timezone.now() - timedelta(minutes=1)
    told = [message(page.page_id, PSID, "hi", at=before), facebook.read(page.page_id, PSID, before, at=before)]
    received(page, *told)

    split_all()

    (post,) = WebhookPost.objects.all()
    assert (post.state, bytes(post.body)) == (PostState.SPLIT, b"")
    rows = {row.kind: row for row in WebhookEvent.objects.all()}
    assert set(rows) == {"message", "read"}
    row = rows["message"]
    assert (row.page_id, row.psid, row.state, row.tries) == (page.page_id, PSID, EventState.WAITING, 0)
    assert row.body == told[0]
    assert row.received_at == post.received_at
    assert abs(row.happened_at - before) < timedelta(milliseconds=1)


def test_an_event_that_comes_again_has_one_row(page: Page) -> None:
    first, second = message(page.page_id, PSID, "a"), message(page.page_id, PSID, "b")
    received(page, first, first)
    received(page, second, first)

    split_all()

    assert WebhookEvent.objects.count() == 2
    assert post_states() == [PostState.SPLIT] * 2


def test_what_is_told_in_standby_is_remembered_as_such(page: Page) -> None:
    receive(body_of(entry(page.page_id, standby=(message(page.page_id, PSID, "hi"),))), now=timezone.now())

    split_all()

    assert WebhookEvent.objects.get().standby


@pytest.mark.parametrize("body", [b"no json", b"{}", b"[" * 100_000, b'{"object":"page","entry":7}', b"\xff"])
def test_what_can_not_be_read_is_kept_whole_and_the_next_has_its_turn(page: Page, body: bytes) -> None:
    receive(body, now=timezone.now())
    received(page, message(page.page_id, PSID, "hi"))

    split_all()

    unreadable = WebhookPost.objects.get(state=PostState.UNREADABLE)
    assert bytes(unreadable.body) == body
    assert unreadable.error
    assert WebhookEvent.objects.count() == 1


def test_a_fault_of_ours_keeps_the_post_and_the_next_has_its_turn(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(raw: object, **_others: object) -> None:
        raise KeyError("a customer's words")

    received(page, message(page.page_id, PSID, "hi"))
    monkeypatch.setattr(splitting, "parse", broken)

    split_all()

    post = WebhookPost.objects.get()
    assert post.state == PostState.UNREADABLE
    assert "KeyError" in post.error
    assert bytes(post.body)
    assert "a customer's words" not in caplog.text


def test_a_database_that_goes_away_is_no_fault_of_the_post(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_others: object) -> None:
        raise OperationalError

    received(page, message(page.page_id, PSID, "hi"))
    with monkeypatch.context() as patched:
        patched.setattr(splitting, "_note_sign_of_life", away)
        with pytest.raises(OperationalError):
            split_all()
    assert post_states() == [PostState.RECEIVED]

    split_all()

    assert post_states() == [PostState.SPLIT]


def test_what_no_database_keeps_is_replaced_and_the_event_is_kept(page: Page) -> None:
    received(page, message(page.page_id, PSID, "a\0b\ud83d"))

    split_all()

    assert WebhookEvent.objects.get().body["message"]["text"] == "a\ufffdb\ufffd"


def test_a_batch_of_a_thousand_is_taken_apart_at_once(page: Page) -> None:
    received(page, *(message(page.page_id, str(number), "hi") for number in range(1_000)))

    assert splitting.split_next(now=timezone.now())

    assert WebhookEvent.objects.count() == 1_000
    assert not splitting.split_next(now=timezone.now())


def test_a_sign_of_life_is_written_once_a_minute(page: Page) -> None:
    now = timezone.now()
    connection = Connection.objects.create(page=page, connected_at=now)
    seen = []
    for seconds in (0, 30, 61):
        received(page, message(page.page_id, PSID), at=now + timedelta(seconds=seconds))
        split_all()
        connection.refresh_from_db()
        seen.append(connection.last_event_at)

    assert seen == [now, now, now + timedelta(seconds=61)]
