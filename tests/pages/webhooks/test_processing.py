"""An event is handed on once, with its mark, or not at all; and one that fails is kept, tried again, and shown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import events
from pages.models import Page, Thread, ThreadMessage, WebhookEvent
from pages.models.webhook import EventState
from pages.webhooks import failing
from pages.webhooks.processing import process, process_due, take
from tests.factories import PageFactory
from tests.pages.webhooks.inbox import Listener, due, received, split_all, states
from tests.support import facebook
from tests.support.facebook import message

pytestmark = pytest.mark.django_db

PSID = "7012345678900001"


def test_an_event_is_mirrored_and_handed_on(page: Page, listener: Listener) -> None:
    received(page, message(page.page_id, PSID, "hi", mid="m_1"))

    assert process_due() == 1

    (event,) = listener.heard
    assert isinstance(event, events.MessageReceived)
    assert (event.mid, event.text) == ("m_1", "hi")
    assert listener.threads == [Thread.objects.get(page=page, psid=PSID)]
    assert ThreadMessage.objects.get().text == "hi"
    row = WebhookEvent.objects.get()
    assert (row.state, row.tries, row.error) == (EventState.DONE, 1, "")
    assert row.done_at


def test_what_is_done_is_not_done_again(page: Page, listener: Listener) -> None:
    told = message(page.page_id, PSID, "hi")
    received(page, told)
    process_due()
    received(page, told)
    process_due()

    assert len(listener.heard) == 1


def test_a_batch_is_handed_on_as_it_happened(page: Page, listener: Listener) -> None:
    now = timezone.now()
    told = [message(page.page_id, PSID, str(n), at=now - timedelta(minutes=n)) for n in range(5)]
    received(page, *told)

    process_due()

    assert [event.text for event in listener.heard if isinstance(event, events.MessageReceived)] == list("43210")


def test_a_read_that_comes_before_its_delivery_is_handed_on_all_the_same(page: Page, listener: Listener) -> None:
    at = timezone.now() - timedelta(minutes=1)
    received(page, message(page.page_id, PSID, "hi", at=at))
    received(page, facebook.read(page.page_id, PSID, at))
    received(page, facebook.delivery(page.page_id, PSID, at))

    process_due()

    assert states() == [EventState.DONE] * 3
    thread = Thread.objects.get()
    assert thread.read_to == thread.delivered_to
    assert {type(event) for event in listener.heard} == {events.MessageReceived, events.WasRead, events.Delivered}


@pytest.mark.parametrize("linked", [True, False])
def test_what_is_not_for_us_is_kept_and_handed_to_nobody(page: Page, listener: Listener, *, linked: bool) -> None:
    stranger = PageFactory(page_id="99999") if linked else PageFactory.build(page_id="99999")
    received(stranger, message(stranger.page_id, PSID, "hi"))
    received(page, {"sender": {"id": PSID}, "recipient": {"id": page.page_id}, "message_edit": {"mid": "m"}})

    process_due()

    assert states() == [EventState.IGNORED] * 2
    assert not listener.heard
    assert not Thread.objects.exists()


def test_one_that_fails_leaves_nothing_behind_and_blocks_nothing(page: Page, listener: Listener) -> None:
    listener.break_on = lambda event: event.psid == "1"
    received(page, message(page.page_id, "1", "hi"), message(page.page_id, "2", "hi"))

    process_due()

    assert {event.psid for event in listener.heard} == {"1", "2"}
    failed = WebhookEvent.objects.get(psid="1")
    assert (failed.state, failed.tries) == (EventState.WAITING, 1)
    assert failed.error.startswith("RuntimeError: the receiver broke")
    assert "tests/pages/webhooks/inbox.py" in failed.error
    assert failed.next_try_at > timezone.now()
    assert list(Thread.objects.values_list("psid", flat=True)) == ["2"]
    assert WebhookEvent.objects.get(psid="2").state == EventState.DONE


def test_it_is_tried_again_with_growing_pauses_until_a_person_has_to_look(page: Page, listener: Listener) -> None:
    listener.break_on = lambda _event: True
    received(page, message(page.page_id, PSID, "hi"))
    split_all()
    pauses = []
    for _try in range(20):
        due()
        process_due()
        row = WebhookEvent.objects.get()
        pauses.append(round((row.next_try_at - timezone.now()).total_seconds(), -1))
        if row.state == EventState.FAILED:
            break

    assert len(listener.heard) == row.tries == len(failing.PAUSES) + 1
    assert pauses[1:6] == sorted(pauses[1:6])
    due()
    assert process_due() == 0


def test_it_succeeds_once_the_fault_is_gone(page: Page, listener: Listener) -> None:
    listener.break_on = lambda _event: True
    received(page, message(page.page_id, PSID, "hi"))
    process_due()
    listener.break_on = lambda _event: False
    due()

    process_due()

    row = WebhookEvent.objects.get()
    assert (row.state, row.tries, row.error) == (EventState.DONE, 2, "")


def test_neither_tokens_nor_customers_words_are_logged(
    page: Page, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.break_on = lambda _event: True
    listener.error = ValueError("secret words access_token=EAABsbCS1234567890abcdefgh&x")
    received(page, message(page.page_id, PSID, "hi"))

    process_due()

    error = WebhookEvent.objects.get().error
    assert "secret words" in error
    assert "EAABsbCS1234567890" not in error
    assert "secret words" not in caplog.text
    assert "ValueError" in caplog.text


def test_an_event_is_one_workers_at_a_time(page: Page, listener: Listener) -> None:
    received(page, message(page.page_id, PSID, "hi"))
    split_all()
    now = timezone.now()

    (mine,) = take(now=now)

    assert take(now=now) == []
    process(mine)
    assert len(listener.heard) == 1


def test_who_was_too_slow_leaves_the_event_to_its_new_worker(page: Page, listener: Listener) -> None:
    received(page, message(page.page_id, PSID, "hi"))
    split_all()
    (slow,) = take(now=timezone.now())
    (quick,) = take(now=timezone.now() + timedelta(minutes=5))

    process(slow)
    assert not listener.heard
    process(quick)

    assert len(listener.heard) == 1
