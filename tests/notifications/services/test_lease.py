"""One pump per page."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Lease
from notifications.services import lease
from notifications.services.lease import Held
from tests.factories import LinkedPageFactory
from tests.support.racing import aside, race

pytestmark = pytest.mark.django_db


def run_out(page_pk: int) -> None:
    Lease.objects.filter(pk=page_pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def take(page_pk: int, holder: str = "one") -> Held:
    held = lease.acquire(page_pk=page_pk, holder=holder)
    assert held is not None
    return held


def test_a_lease_that_runs_is_nobody_elses() -> None:
    page = LinkedPageFactory()
    take(page.pk)

    assert lease.acquire(page_pk=page.pk, holder="two") is None


def test_a_lease_that_was_given_back_is_free_at_once_and_the_fence_grows() -> None:
    page = LinkedPageFactory()
    first = take(page.pk)
    lease.release(first)

    assert take(page.pk, "two").fence == first.fence + 1


def test_who_lost_the_lease_can_neither_renew_nor_release_it() -> None:
    page = LinkedPageFactory()
    first = take(page.pk)
    run_out(page.pk)
    second = take(page.pk, "two")

    assert not lease.renew(first)
    assert not first.stands()
    lease.release(first)
    assert lease.acquire(page_pk=page.pk, holder="three") is None
    assert lease.renew(second)


def test_who_is_overtaken_between_claiming_and_reading_its_fence_holds_nothing() -> None:
    page = LinkedPageFactory()
    lease.release(take(page.pk))

    def overtake(execute: Any, statement: str, *rest: Any) -> Any:
        claimed = execute(statement, *rest)
        if statement.startswith("UPDATE") and not Lease.objects.filter(holder="fast").exists():
            execute("UPDATE notifications_lease SET holder = %s, fence = fence + 1", ["fast"], *rest[1:])
        return claimed

    with connection.execute_wrapper(overtake):
        assert lease.acquire(page_pk=page.pk, holder="slow") is None


def test_a_lease_that_ran_out_but_that_nobody_took_goes_on() -> None:
    page = LinkedPageFactory()
    held = take(page.pk)
    run_out(page.pk)

    assert lease.renew(held)


def test_a_holder_that_slept_past_its_lease_knows_it_without_asking(settings: Settings) -> None:
    settings.LEASE_SECONDS = 0.001
    held = take(LinkedPageFactory().pk)

    while held.stands():
        pass
    assert not held.stands()


@pytest.mark.django_db(transaction=True)
def test_of_several_pumps_that_claim_a_page_at_once_exactly_one_wins() -> None:
    page = LinkedPageFactory()

    results = race(*(lambda n=str(n): lease.acquire(page_pk=page.pk, holder=n) for n in range(5)))

    assert sum(isinstance(result, Held) for result in results) == 1
    assert results.count(None) == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_holder_that_froze_in_the_middle_of_a_transaction_makes_nobody_wait() -> None:
    page = LinkedPageFactory()
    held, locked, over = take(page.pk), threading.Event(), threading.Event()

    def freeze() -> None:
        with transaction.atomic():
            lease.renew(held)
            locked.set()
            over.wait(20)

    run_out(page.pk)
    frozen = aside(freeze)
    locked.wait(20)
    began = time.monotonic()

    assert lease.acquire(page_pk=page.pk, holder="two") is None
    assert time.monotonic() - began < 15

    over.set()
    frozen.join()


@pytest.mark.postgres
def test_a_session_that_sleeps_in_a_transaction_is_ended_by_the_server() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")

        assert cursor.fetchone() == ("30s",)
