"""What a person does with a callback, and sending again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.callbacks.events import EventType
from notifications.callbacks.urls import UrlProblem
from notifications.models import Callback, CallbackCall, CallbackEvent, CallbackReplay
from notifications.models.callback import CallbackState
from notifications.services.callbacks import managing, sending, sweeping
from notifications.services.callbacks.managing import Span, UrlRefused, Wish
from pages.models import AuditEntry
from tests.factories import CallbackFactory, SiteFactory, UserFactory
from tests.notifications.services.callbacks.conftest import MakeReceiver
from tests.support.callbacks import REFUSED, TAKEN, happened, numbers, told

pytestmark = pytest.mark.django_db

URL = "https://shop.example.com/hooks"


def wish(url: str = URL, *, on: bool = True) -> Wish:
    return Wish(url=url, types={EventType.DELIVERY_FAILED, EventType.DELIVERY_SENT}, on=on)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def stopped(url: str, *, waiting: int) -> Callback:
    callback: Callback = CallbackFactory(url=url, state=CallbackState.STOPPED, stop="gave_up", tries=9)
    happened(callback, waiting)
    return callback


def test_a_new_callback_has_a_secret_of_its_own() -> None:
    first, second = (managing.create(site=SiteFactory(), wish=wish(), actor=UserFactory()) for _ in range(2))

    assert first.secret.startswith("cbs_")
    assert len(first.secret) >= 40
    assert first.secret != second.secret
    assert first.types == ["delivery.sent", "delivery.failed"]
    assert actions() == ["callback.created", "callback.created"]


def test_the_database_never_sees_the_secret() -> None:
    callback = managing.create(site=SiteFactory(), wish=wish(), actor=None)
    stored = Callback.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True).get()
    assert callback.secret not in stored


@pytest.mark.parametrize("url", ["http://shop.example.com/", "https://10.0.0.1/", "https://localhost/"])
def test_a_url_that_can_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        managing.create(site=SiteFactory(), wish=wish(url), actor=None)
    with pytest.raises(UrlRefused):
        managing.change(callback=CallbackFactory(), wish=wish(url), actor=None)


def test_this_machine_may_be_called_in_local_mode_alone(settings: Settings) -> None:
    managing.judge("http://127.0.0.1:8000/")

    settings.PRODUCTION = True
    with pytest.raises(UrlRefused) as refusal:
        managing.judge("http://127.0.0.1:8000/")
    assert refusal.value.problem is UrlProblem.NOT_HTTPS


def test_switched_off_and_on_again_it_goes_on_where_it_stopped(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = CallbackFactory(url=end.url)
    happened(callback, 2)
    managing.change(callback=callback, wish=wish(end.url, on=False), actor=None)
    sending.call_back(callback.pk)
    assert end.requests == []

    managing.change(callback=callback, wish=wish(end.url), actor=None)
    sending.call_back(callback.pk)

    assert numbers(end) == [[1, 2]]


def test_a_stopped_one_is_not_started_by_saving_it() -> None:
    callback = stopped(URL, waiting=0)

    managing.change(callback=callback, wish=wish(), actor=None)

    assert callback.state == CallbackState.STOPPED


def test_started_again_it_sends_all_that_waited(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = stopped(end.url, waiting=3)

    assert managing.start_again(callback=callback, skip_waiting=False, actor=None, now=timezone.now())
    sending.call_back(callback.pk)

    assert numbers(end) == [[1, 2, 3]]
    assert not managing.start_again(callback=callback, skip_waiting=False, actor=None, now=timezone.now())


def test_started_again_with_what_is_new_it_leaves_a_gap_that_can_be_sent_later(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback, now = stopped(end.url, waiting=250), timezone.now()
    managing.start_again(callback=callback, skip_waiting=True, actor=None, now=now)
    happened(callback, 1)
    sending.call_back(callback.pk)
    assert numbers(end) == [[251]]
    callback.refresh_from_db()

    assert managing.replay(callback=callback, span=managing.never_taken(callback), actor=None, now=now) == 250
    sending.call_back(callback.pk)

    assert [number for call in numbers(end) for number in call] == [251, *range(1, 251)]


def test_one_call_is_sent_again_with_the_same_ids(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = CallbackFactory(url=end.url)
    for _call in range(3):
        happened(callback, 2)
        sending.call_back(callback.pk)
    second = CallbackCall.objects.order_by("pk")[1]

    count = managing.replay(callback=callback, span=managing.of_call(second), actor=UserFactory(), now=timezone.now())
    sending.call_back(callback.pk)

    assert count == 2
    assert told(end)[3] == told(end)[1]
    assert list(CallbackCall.objects.order_by("pk").values_list("replay", flat=True)) == [False, False, False, True]
    assert actions() == ["callback.replayed"]
    assert AuditEntry.objects.get().detail == {"first": 3, "last": 4, "events": 2}


@pytest.mark.parametrize(("number", "again"), [(1, [1, 2, 3, 4]), (3, [3, 4]), (4, [4]), (5, [])])
def test_all_is_sent_again_from_a_number_on(number: int, again: list[int], receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = CallbackFactory(url=end.url)
    happened(callback, 4)
    sending.call_back(callback.pk)
    callback.refresh_from_db()

    count = managing.replay(
        callback=callback, span=managing.since_number(callback, number), actor=None, now=timezone.now()
    )
    sending.call_back(callback.pk)

    assert count == len(again)
    assert numbers(end)[1:] == ([again] if again else [])


def test_all_is_sent_again_from_a_time_on(receiver: MakeReceiver) -> None:
    end, now = receiver(TAKEN), timezone.now()
    callback = CallbackFactory(url=end.url)
    for hours in (5, 3, 1):
        happened(callback, at=now - timedelta(hours=hours))
    sending.call_back(callback.pk)
    callback.refresh_from_db()

    assert managing.since_time(callback, now - timedelta(hours=4)) == Span(first=2, last=3)
    assert managing.events_of(callback, managing.since_time(callback, now)).count() == 0


def test_a_replay_goes_on_after_a_failure_and_lets_new_events_pass(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN, TAKEN, TAKEN, REFUSED, TAKEN)
    callback, now = CallbackFactory(url=end.url), timezone.now()
    happened(callback, 150)
    sending.call_back(callback.pk)
    callback.refresh_from_db()
    managing.replay(callback=callback, span=managing.since_number(callback, 1), actor=None, now=now)
    sending.call_back(callback.pk)
    happened(callback, 1)
    Callback.objects.filter(pk=callback.pk).update(next_try_at=None)

    sending.call_back(callback.pk)

    firsts = [call[0] for call in numbers(end)]
    assert firsts == [1, 101, 1, 101, 151, 101]
    assert CallbackReplay.objects.get().ended_at is not None


def test_a_test_event_reaches_a_callback_that_chose_nothing(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback = CallbackFactory(url=end.url, types=[])

    assert managing.send_test(callback=callback, actor=None, now=timezone.now())
    sending.call_back(callback.pk)

    assert [event["type"] for call in told(end) for event in call] == ["callback.test"]


def test_a_callback_that_is_not_on_gets_no_test() -> None:
    assert not managing.send_test(callback=CallbackFactory(state=CallbackState.OFF), actor=None, now=timezone.now())


def test_a_person_need_not_wait_for_the_next_try(receiver: MakeReceiver) -> None:
    end = receiver(REFUSED, TAKEN)
    callback = CallbackFactory(url=end.url)
    happened(callback)
    sending.call_back(callback.pk)

    assert managing.try_now(callback=callback, actor=None)
    sending.call_back(callback.pk)

    assert numbers(end) == [[1], [1]]
    assert not managing.try_now(callback=callback, actor=None)


def test_what_is_too_old_is_forgotten_and_leaves_its_numbers(receiver: MakeReceiver) -> None:
    end, now = receiver(TAKEN), timezone.now()
    callback = stopped(end.url, waiting=0)
    happened(callback, 3, at=now - timedelta(days=31))
    happened(callback, 2, at=now - timedelta(days=29))

    assert sweeping.forget_events(before=now - timedelta(days=30)) == 3
    managing.start_again(callback=callback, skip_waiting=False, actor=None, now=now)
    sending.call_back(callback.pk)

    assert numbers(end) == [[4, 5]]
    assert CallbackEvent.objects.count() == 2


def test_the_sweep_finds_whose_events_wait() -> None:
    now = timezone.now()
    waiting, idle, failing, busy, again = CallbackFactory.create_batch(5)
    for callback in (waiting, failing, busy):
        happened(callback)
    Callback.objects.filter(pk=failing.pk).update(next_try_at=now + timedelta(minutes=5))
    Callback.objects.filter(pk=busy.pk).update(leased_until=now + timedelta(minutes=5))
    CallbackReplay.objects.create(callback=again, next_number=1, last_number=9, requested_at=now)

    assert set(sweeping.with_work(now)) == {waiting, again}
    assert set(sweeping.with_work(now + timedelta(minutes=6))) == {waiting, failing, again}
    assert idle not in sweeping.with_work(now)


def test_a_call_never_spans_a_gap_so_that_the_log_says_exactly_what_it_held(receiver: MakeReceiver) -> None:
    end = receiver(TAKEN)
    callback, now = stopped(end.url, waiting=5), timezone.now()
    managing.start_again(callback=callback, skip_waiting=True, actor=None, now=now)
    CallbackEvent.objects.filter(number=3).update(taken_at=now)

    managing.replay(callback=callback, span=managing.never_taken(callback), actor=None, now=now)
    sending.call_back(callback.pk)

    assert numbers(end) == [[1, 2], [4, 5]]
    assert set(CallbackCall.objects.values_list("first_number", "last_number", "events")) == {(1, 2, 2), (4, 5, 2)}
