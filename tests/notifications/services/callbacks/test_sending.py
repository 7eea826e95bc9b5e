"""What reaches the receiver, in which order, and what follows from its answers."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Callback, CallbackCall, CallbackEvent, Installation
from notifications.models.callback import CallbackFault, CallbackOutcome, CallbackState, CallbackStop
from notifications.services.callbacks import managing, sending, turns
from pages.append_only import AppendOnlyError
from tests.factories import CallbackFactory
from tests.notifications.services.callbacks.conftest import MakeReceiver
from tests.support.callbacks import REFUSED, TAKEN, body, happened, headers, numbers, told, walk
from tests.support.far_end import answer, close_after_reading, drip, http, nobody, silence

pytestmark = pytest.mark.django_db


def calling(url: str, **options: object) -> Callback:
    made: Callback = CallbackFactory(url=url, **options)
    return made


def is_due_again(callback: Callback) -> None:
    Callback.objects.filter(pk=callback.pk).update(next_try_at=timezone.now())


def test_events_arrive_in_batches_of_a_hundred_numbered_without_a_gap(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url)
    happened(callback, 230)

    sending.call_back(callback.pk)

    assert numbers(end) == [list(range(1, 101)), list(range(101, 201)), list(range(201, 231))]
    assert [event["data"]["delivery"] for event in walk(end)] == list(range(230))
    callback.refresh_from_db()
    assert (callback.numbered_to, callback.taken_to, callback.holder) == (230, 230, "")
    assert not CallbackEvent.objects.filter(taken_at=None).exists()


def test_the_next_event_goes_on_with_the_next_number(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url)
    for _time in range(3):
        happened(callback)
        sending.call_back(callback.pk)

    assert numbers(end) == [[1], [2], [3]]


def test_a_call_is_signed_over_its_time_and_its_bytes(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url + "/hooks?shop=1", secret="cbs_known")
    happened(callback)

    sending.call_back(callback.pk)

    (request,) = end.requests
    sent = headers(request)
    signed = sent["x-messenger-timestamp"].encode() + b"." + body(request)
    assert request.startswith(b"POST /hooks?shop=1 HTTP/1.1\r\n")
    assert sent["x-messenger-signature"] == "sha256=" + hmac.new(b"cbs_known", signed, hashlib.sha256).hexdigest()
    assert sent["x-messenger-delivery"] == str(CallbackCall.objects.get().uuid)
    assert sent["content-type"] == "application/json"
    assert json.loads(body(request))["site"] == callback.site.sid


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_taken(status: int, receiver: MakeReceiver) -> None:
    end = receiver(answer(http(status)))
    callback = calling(end.url)
    happened(callback)

    sending.call_back(callback.pk)

    call = CallbackCall.objects.get()
    assert (call.outcome, call.status_code) == (CallbackOutcome.TAKEN, status)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 429, 500, 503])
def test_anything_else_is_tried_again_later(status: int, receiver: MakeReceiver) -> None:
    end = receiver(answer(http(status, b"not now", f"Location: {receiver(TAKEN).url}")))
    callback = calling(end.url)
    happened(callback, 150)

    sending.call_back(callback.pk)
    sending.call_back(callback.pk)

    callback.refresh_from_db()
    call = CallbackCall.objects.get()
    assert (call.outcome, call.status_code, call.answer) == (CallbackOutcome.FAILED, status, "not now")
    assert (callback.state, callback.tries, callback.taken_to) == (CallbackState.ON, 1, 0)
    assert callback.failing_since is not None
    assert len(end.requests) == 1


def test_a_redirect_is_not_followed(receiver: MakeReceiver) -> None:
    elsewhere = receiver(TAKEN)
    callback = calling(receiver(answer(http(307, b"", f"Location: {elsewhere.url}"))).url)
    happened(callback)

    sending.call_back(callback.pk)

    assert elsewhere.requests == []


def test_what_was_not_taken_comes_again_with_the_same_numbers_and_ids_before_anything_new(
    receiver: MakeReceiver,
) -> None:
    end = receiver(REFUSED, TAKEN)
    callback = calling(end.url)
    happened(callback, 2)
    sending.call_back(callback.pk)
    happened(callback, 1)
    is_due_again(callback)

    sending.call_back(callback.pk)

    first, again, new = told(end)
    assert first == again
    assert [event["number"] for event in new] == [3]
    deliveries = [headers(request)["x-messenger-delivery"] for request in end.requests]
    assert len(set(deliveries)) == 3
    callback.refresh_from_db()
    assert (callback.tries, callback.failing_since, callback.next_try_at) == (0, None, None)


def test_the_receivers_wish_to_wait_is_kept(receiver: MakeReceiver) -> None:
    callback = calling(receiver(answer(http(503, b"", "Retry-After: 1800"))).url)
    happened(callback)

    sending.call_back(callback.pk)

    callback.refresh_from_db()
    assert callback.next_try_at
    assert callback.next_try_at >= timezone.now() + timedelta(seconds=1_700)


def test_after_three_days_it_is_stopped_and_what_waits_is_kept(receiver: MakeReceiver) -> None:
    end = receiver(REFUSED)
    callback = calling(end.url, tries=70, failing_since=timezone.now() - timedelta(days=3))
    happened(callback, 3)

    sending.call_back(callback.pk)
    sending.call_back(callback.pk)

    callback.refresh_from_db()
    assert (callback.state, callback.stop, callback.next_try_at) == (CallbackState.STOPPED, CallbackStop.GAVE_UP, None)
    assert CallbackEvent.objects.count() == 3
    assert len(end.requests) == 1


def test_410_stops_it_at_once(receiver: MakeReceiver) -> None:
    callback = calling(receiver(answer(http(410))).url)
    happened(callback)

    sending.call_back(callback.pk)

    callback.refresh_from_db()
    assert (callback.state, callback.stop) == (CallbackState.STOPPED, CallbackStop.GONE)
    assert CallbackCall.objects.get().outcome == CallbackOutcome.GONE


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (silence, CallbackFault.TIMED_OUT),
        (drip(http(200), pause=0.1), CallbackFault.TIMED_OUT),
        (close_after_reading, CallbackFault.BROKEN_OFF),
        (answer(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), CallbackFault.BROKEN_OFF),
    ],
)
def test_without_a_whole_answer_in_time_nothing_was_taken(
    act: object, fault: CallbackFault, receiver: MakeReceiver, settings: Settings
) -> None:
    if fault is CallbackFault.TIMED_OUT:
        settings.CALLBACK_TOTAL_TIMEOUT = 1.0
    callback = calling(receiver(act).url)
    happened(callback)
    began = timezone.now()

    sending.call_back(callback.pk)

    call = CallbackCall.objects.get()
    assert (call.outcome, call.status_code, call.fault) == (CallbackOutcome.FAILED, None, fault)
    assert timezone.now() - began < timedelta(seconds=20)


def test_nobody_listening_is_a_failure_like_any_other() -> None:
    with nobody() as url:
        callback = calling(url)
        happened(callback)
        sending.call_back(callback.pk)

    assert CallbackCall.objects.get().fault == CallbackFault.NOT_CONNECTED


def test_two_kilobytes_of_the_answer_are_kept_and_no_secret(receiver: MakeReceiver) -> None:
    echo = b"your secret is cbs_known, truly. " + b"x" * 5_000
    callback = calling(receiver(answer(http(500, echo))).url, secret="cbs_known")
    happened(callback)

    sending.call_back(callback.pk)

    kept = CallbackCall.objects.get().answer
    assert kept.startswith("your secret is …, truly. xxx")
    assert len(kept) <= 2_048
    assert "cbs_known" not in kept


def test_the_log_is_evidence() -> None:
    with pytest.raises(AppendOnlyError):
        CallbackCall.objects.update(answer="")


@pytest.mark.parametrize("state", [CallbackState.OFF, CallbackState.STOPPED])
def test_a_callback_that_is_not_on_is_not_called(state: CallbackState, receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url, state=state, stop="gone" if state == CallbackState.STOPPED else "")
    happened(callback)

    sending.call_back(callback.pk)

    assert end.requests == []


def test_a_restored_copy_calls_nobody(receiver: MakeReceiver) -> None:
    Installation.objects.update_or_create(pk=1, defaults={"armed": False})
    end = receiver(TAKEN)
    callback = calling(end.url)
    happened(callback)

    sending.call_back(callback.pk)

    assert end.requests == []


def test_with_a_secret_that_nobody_can_decrypt_it_is_stopped_rather_than_unsigned(
    receiver: MakeReceiver, settings: Settings
) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url)
    happened(callback)
    settings.TOKEN_KEYS = ["y4vWl7BzVh2kQm8cX0n5tR1pE6sD3fG9hJ2kL4mN6oQ="]

    sending.call_back(callback.pk)

    callback.refresh_from_db()
    assert (callback.state, callback.stop, end.requests) == (CallbackState.STOPPED, CallbackStop.UNREADABLE, [])


def test_during_a_rotation_either_secret_verifies_a_call(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url)
    old, now = callback.secret, timezone.now()
    new = managing.rotate(callback=callback, actor=None, now=now)

    assert sending.valid_secrets(callback, now) == [new, old]
    assert sending.valid_secrets(callback, now + timedelta(days=1)) == [new]


def test_who_dies_between_the_call_and_its_record_leaves_the_same_events_to_the_next(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url)
    happened(callback, 3)
    assert turns.take(callback_pk=callback.pk, holder="dead", now=timezone.now())
    batch = turns.next_new(callback_pk=callback.pk, holder="dead")
    assert batch
    sending._call(callback, [callback.secret], batch)
    Callback.objects.filter(pk=callback.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    happened(callback, 1)

    sending.call_back(callback.pk)

    lost, again, new = told(end)
    assert lost == again
    assert [event["number"] for event in new] == [4]


def test_whoever_lost_the_turn_changes_nothing_but_keeps_the_log(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = calling(end.url)
    happened(callback)
    turns.take(callback_pk=callback.pk, holder="slow", now=timezone.now())
    batch = turns.next_new(callback_pk=callback.pk, holder="slow")
    assert batch
    Callback.objects.filter(pk=callback.pk).update(holder="other")

    with pytest.raises(turns.TurnLost):
        sending.send_batch(callback_pk=callback.pk, holder="slow", batch=batch)

    callback.refresh_from_db()
    assert (callback.taken_to, CallbackCall.objects.count()) == (0, 1)
