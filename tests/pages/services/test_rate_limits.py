"""A token's pace over several processes, and what it costs the database."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages.models import ApiToken
from pages.services import api_tokens, rate_limits
from pages.services.api_tokens import Access
from tests.factories import LinkedPageFactory
from tests.support.racing import race
from tests.support.tokens import issued

pytestmark = pytest.mark.django_db

Process = Callable[[datetime], float]


def access(now: datetime, **terms: object) -> Access:
    found = api_tokens.find(issued(LinkedPageFactory(), **terms)[1], now=now)
    assert found
    return found


@pytest.fixture
def now() -> datetime:
    return timezone.now() + timedelta(seconds=1)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Callable[[Access], Process]:
    """Makes one more web process: what another one has left is not its own."""

    def start(token: Access) -> Process:
        purses: dict[str, object] = {}

        def ask(moment: datetime) -> float:
            monkeypatch.setattr(rate_limits, "_purses", purses)
            return rate_limits.allow(token, now=moment)

        return ask

    return start


@pytest.mark.parametrize("rate", [1, 7, 50, 1000])
def test_a_burst_is_one_second_of_the_pace(now: datetime, rate: int) -> None:
    token = access(now, requests_per_second=rate)
    granted = sum(not rate_limits.allow(token, now=now) for _ in range(2 * rate))
    assert granted == rate


@pytest.mark.parametrize("rate", [1, 7, 50, 150])
def test_over_ten_seconds_it_is_the_pace_and_one_burst(now: datetime, rate: int) -> None:
    token = access(now, requests_per_second=rate)
    moments = [now + timedelta(milliseconds=5 * step) for step in range(2001)]
    granted = sum(not rate_limits.allow(token, now=moment) for moment in moments)
    assert rate * 11 - rate // 10 - 1 <= granted <= rate * 11


@pytest.mark.parametrize("rate", [1, 7, 50, 1000])
def test_who_waits_as_long_as_was_said_is_let_in(now: datetime, rate: int) -> None:
    token = access(now, requests_per_second=rate)
    waits = [rate_limits.allow(token, now=now) for _ in range(rate + 1)]
    assert 0 < waits[-1] <= 1
    assert rate_limits.allow(token, now=now + timedelta(seconds=waits[-1] + 0.001)) == 0


def test_a_refusal_does_not_make_the_next_one_longer(now: datetime) -> None:
    token = access(now, requests_per_second=10)
    waits = [rate_limits.allow(token, now=now) for _ in range(100)]
    assert set(waits[10:]) == {waits[-1]}


def test_several_processes_share_the_pace(now: datetime, process: Callable[[Access], Process]) -> None:
    token = access(now, requests_per_second=50)
    web = [process(token) for _ in range(4)]
    granted = sum(not web[number % 4](now) for number in range(400))
    assert granted == 50


def test_over_ten_seconds_several_processes_keep_the_pace_of_one(
    now: datetime, process: Callable[[Access], Process]
) -> None:
    token = access(now, requests_per_second=50)
    web = [process(token) for _ in range(3)]
    moments = [now + timedelta(milliseconds=5 * step) for step in range(2001)]
    granted = sum(not ask(moment) for moment in moments for ask in web)
    assert 530 <= granted <= 550


def test_one_token_does_not_slow_another(now: datetime) -> None:
    busy, idle = access(now, requests_per_second=1), access(now, requests_per_second=1)
    assert rate_limits.allow(busy, now=now) == 0
    assert rate_limits.allow(busy, now=now) > 0
    assert rate_limits.allow(idle, now=now) == 0


def test_a_second_of_requests_costs_some_ten_statements(now: datetime) -> None:
    token = access(now, requests_per_second=1000)
    with CaptureQueriesContext(connection) as queries:
        for step in range(5000):
            rate_limits.allow(token, now=now + timedelta(microseconds=200 * step))
    # Twenty portions are granted: the burst and the second. Between them a refusal is asked for and remembered.
    assert len(queries) < 60


def test_a_refusal_is_remembered_without_asking(now: datetime) -> None:
    token = access(now, requests_per_second=1)
    for _ in range(2):
        rate_limits.allow(token, now=now)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(100):
            assert rate_limits.allow(token, now=now) > 0
    assert len(queries) == 0


def test_a_token_that_is_gone_is_not_let_in(now: datetime) -> None:
    token = access(now)
    ApiToken.objects.all().delete()
    assert rate_limits.allow(token, now=now) > 0


@pytest.mark.django_db(transaction=True)
def test_threads_share_it_exactly(now: datetime) -> None:
    token = access(now, requests_per_second=40)

    def many() -> int:
        return sum(not rate_limits.allow(token, now=now) for _ in range(40))

    assert sum(count for count in race(*[many] * 4) if isinstance(count, int)) == 40
