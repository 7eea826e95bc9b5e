"""Idempotency-Key: a call that is repeated is made once, and is answered again as it was answered then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from notifications.api.envelope import ApiError
from notifications.api.keys import Answer, Call, once
from notifications.models import Delivery, KeptAnswer
from notifications.services.forgetting import KEPT_FOR
from optins.models import OptIn
from optins.states import OptInState
from pages.models import ApiToken
from tests.factories import NotificationFactory, OptInFactory
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for
from tests.support.racing import race

KEY = {"Idempotency-Key": "order-871"}
RACERS = 20


@pytest.fixture
def optin(db: None) -> OptIn:
    optin: OptIn = OptInFactory()
    return optin


@pytest.fixture
def caller(optin: OptIn) -> Caller:
    return Caller(secret_for(optin.page, requests_per_second=1000))


@pytest.fixture
def address(optin: OptIn) -> str:
    return messages_of(optin.page, optin.customer_id)


def post(caller: Caller, address: str, body: str = guide.text("text"), **headers: str) -> Any:
    return caller.post(address, body, **{**KEY, **headers})


def together(call: Callable[[], Any], times: int) -> list[Any]:
    """The answers to the same call from so many sides at once."""
    answers = race(*[call] * times)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def test_the_same_call_has_the_same_answer(caller: Caller, address: str) -> None:
    first, again = post(caller, address), post(caller, address)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Delivery.objects.count() == 1


def test_without_a_key_none_is_invented(caller: Caller, address: str) -> None:
    answers = [caller.post(address, guide.text("text")) for _ in range(2)]

    assert len({answer.json()["data"]["id"] for answer in answers}) == Delivery.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_the_token_may_come_in_another_way_the_next_time(caller: Caller, address: str) -> None:
    first = post(caller, address)

    again = post(Caller(""), f"{address}?access_token={caller.secret}")

    assert (again.status_code, again.json()) == (202, first.json())


@pytest.mark.parametrize("other", ["body", "customer", "query"])
def test_the_key_of_another_call_is_refused(optin: OptIn, caller: Caller, address: str, other: str) -> None:
    post(caller, address)
    elsewhere = messages_of(optin.page, OptInFactory(page=optin.page).customer_id)

    answer = {
        "body": lambda: post(caller, address, guide.text("image")),
        "customer": lambda: post(caller, elsewhere),
        "query": lambda: post(caller, f"{address}?x=1"),
    }[other]()

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "other_call")
    assert Delivery.objects.count() == 1


def test_a_key_is_its_tokens_own(optin: OptIn, caller: Caller, address: str) -> None:
    post(caller, address)

    assert "Idempotency-Replayed" not in post(Caller(secret_for(optin.page)), address, guide.text("image"))
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "é"])
def test_a_key_that_is_none(caller: Caller, address: str, key: str) -> None:
    answer = post(caller, address, **{"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_key")
    assert not Delivery.objects.exists()


def test_a_call_that_was_refused_leaves_its_key_free(caller: Caller, address: str) -> None:
    OptIn.objects.update(state=OptInState.REVOKED)
    assert post(caller, address).status_code == 409
    OptIn.objects.update(state=OptInState.ACTIVE)

    assert post(caller, address).status_code == 202


def test_what_was_taken_is_answered_again_whatever_changed_meanwhile(caller: Caller, address: str) -> None:
    notification = NotificationFactory(name="order", body={"text": "Hello {{ name }}"})
    body = '{"notification": "order", "variables": {"name": "Ada"}}'
    first = post(caller, address, body)
    notification.delete()
    OptIn.objects.update(state=OptInState.REVOKED)

    again = post(caller, address, body)

    assert (again.status_code, again.json()) == (202, first.json())


def test_a_revoked_token_is_told_nothing_again(caller: Caller, address: str) -> None:
    post(caller, address)
    ApiToken.objects.update(revoked_at=timezone.now())

    assert post(caller, address).status_code == 401


def test_after_thirty_days_a_key_is_new_again(caller: Caller, address: str) -> None:
    post(caller, address)
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR)

    assert "Idempotency-Replayed" not in post(caller, address)
    assert (Delivery.objects.count(), KeptAnswer.objects.count()) == (2, 1)


def test_what_breaks_off_leaves_the_key_free(optin: OptIn, caller: Caller) -> None:
    """As when the process ends: the row and the answer are in one transaction."""
    call = Call(token_pk=ApiToken.objects.get().pk, key="k", fingerprint="f")
    now = timezone.now()

    def breaks() -> Answer:
        Delivery.objects.all().delete()
        OptIn.objects.update(attributes={"half": "done"})
        raise OperationalError

    with pytest.raises(OperationalError), transaction.atomic():
        once(call, now=now, work=breaks)

    assert OptIn.objects.get().attributes == {}
    assert once(call, now=now, work=lambda: Answer(body={})) == Answer(body={})


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_made(caller: Caller, address: str) -> None:
    answers = together(lambda: post(caller, address), RACERS)

    assert {answer.status_code for answer in answers} <= {202, 409}
    taken = [answer for answer in answers if answer.status_code == 202]
    assert len({answer.json()["data"]["id"] for answer in taken}) == 1
    assert len([answer for answer in taken if "Idempotency-Replayed" not in answer]) == 1
    assert {answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 409} <= {"in_progress"}
    assert (Delivery.objects.count(), KeptAnswer.objects.count()) == (1, 1)
    assert post(caller, address).json() == taken[0].json()


@pytest.mark.django_db(transaction=True)
def test_of_many_batches_at_once_each_message_is_made_once(optin: OptIn, caller: Caller) -> None:
    others = [OptInFactory(page=optin.page) for _ in range(5)]
    entries = ", ".join(
        f'{{"page_id": "{one.page.page_id}", "customer_id": "{one.customer_id}", "text": "{number}", '
        f'"idempotency_key": "{number}"}}'
        for number, one in enumerate(others)
    )

    answers = together(lambda: caller.post("/v1/batches", f'{{"messages": [{entries}]}}'), 8)

    assert {answer.status_code for answer in answers} == {200}
    assert {one["status"] for answer in answers for one in answer.json()["data"]} <= {202, 409}
    assert (Delivery.objects.count(), KeptAnswer.objects.count()) == (5, 5)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: the second waits for the first")
def test_a_key_in_use_is_not_waited_for(caller: Caller, address: str) -> None:
    call = Call(token_pk=ApiToken.objects.get().pk, key=KEY["Idempotency-Key"], fingerprint="f")

    def meanwhile() -> Answer:
        (answer,) = together(lambda: post(caller, address), 1)
        assert (answer.status_code, answer["Retry-After"]) == (409, "1")
        return Answer(body={})

    once(call, now=timezone.now(), work=meanwhile)

    assert not Delivery.objects.exists()


def test_an_answer_is_kept_once_whoever_writes_it(optin: OptIn, caller: Caller) -> None:
    """The database's own promise, below the lock."""
    row = {"token": ApiToken.objects.get(), "key": "k", "fingerprint": "f", "status": 202, "body": "{}"}
    KeptAnswer.objects.create(**row, created_at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        KeptAnswer.objects.create(**row, created_at=timezone.now())


def test_an_error_inside_is_the_callers_answer(optin: OptIn, caller: Caller) -> None:
    call = Call(token_pk=ApiToken.objects.get().pk, key="k", fingerprint="f")

    def refuses() -> Answer:
        raise ApiError(409, "no")

    with pytest.raises(ApiError):
        once(call, now=timezone.now(), work=refuses)
    assert not KeptAnswer.objects.exists()
