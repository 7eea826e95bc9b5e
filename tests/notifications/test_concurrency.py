"""As many in flight as the far end answers without getting slower."""

from collections.abc import Callable

import pytest

from notifications.concurrency import FIRST, LEAST, Concurrency

Latency = Callable[[int], float]


def fresh(ceiling: int = 64) -> Concurrency:
    return Concurrency.begin(ceiling=ceiling, limit=None, best=None)


def driven(concurrency: Concurrency, latency: Latency, *, answers: int, busy: bool = True) -> Concurrency:
    """A far end whose latency depends on how many requests are in flight; `busy` uses the limit up."""
    for _ in range(answers):
        in_flight = concurrency.limit if busy else 1
        concurrency.note(latency(in_flight), in_flight=in_flight)
    return concurrency


def steady(_in_flight: int) -> float:
    return 0.05


def crowded(in_flight: int) -> float:
    """Answers ten at once, in 50 ms; whoever comes on top of those queues."""
    return 0.05 * max(1.0, in_flight / 10)


def test_it_begins_low_and_reaches_the_ceiling_of_a_far_end_that_stays_as_fast() -> None:
    concurrency = fresh()

    assert concurrency.limit == FIRST
    assert driven(concurrency, steady, answers=200).limit == 64


def test_it_shrinks_where_requests_queue_at_the_far_end() -> None:
    concurrency = driven(fresh(ceiling=1000), crowded, answers=20_000)

    assert LEAST <= concurrency.limit <= 40


def test_what_the_last_holder_learned_is_not_forgotten_from_slice_to_slice() -> None:
    concurrency = driven(fresh(ceiling=1000), crowded, answers=500)
    for _ in range(50):
        again = Concurrency.begin(ceiling=1000, limit=concurrency.limit, best=concurrency.best)
        concurrency = driven(again, crowded, answers=200)

    assert concurrency.limit <= 60


def test_a_far_end_that_hangs_gets_few_at_a_time() -> None:
    concurrency = driven(fresh(), steady, answers=200)

    driven(concurrency, lambda _in_flight: 20.0, answers=400)

    assert concurrency.limit == LEAST


def test_it_recovers_when_the_far_end_does() -> None:
    concurrency = driven(fresh(), steady, answers=200)
    driven(concurrency, lambda _in_flight: 20.0, answers=200)

    assert driven(concurrency, steady, answers=2000).limit == 64


def test_a_far_end_that_is_slower_for_good_is_believed() -> None:
    concurrency = driven(fresh(), steady, answers=200)

    assert driven(concurrency, lambda _in_flight: 0.3, answers=5000).limit == 64


def test_one_slow_answer_among_many_changes_nothing() -> None:
    concurrency = driven(fresh(), steady, answers=200)

    for number in range(1000):
        concurrency.note(20.0 if number % 10 == 0 else 0.05, in_flight=64)

    assert concurrency.limit == 64


def test_a_limit_that_is_not_used_up_does_not_grow() -> None:
    assert driven(fresh(), steady, answers=500, busy=False).limit == FIRST


def test_milliseconds_of_this_machine_itself_are_no_sign_of_a_crowd() -> None:
    assert driven(fresh(), lambda in_flight: 0.0001 * in_flight, answers=500).limit == 64


@pytest.mark.parametrize("ceiling", [1, 2, 64])
@pytest.mark.parametrize("latency", [steady, crowded, lambda _in_flight: 30.0])
def test_it_stays_within_its_ceiling_and_never_stops(ceiling: int, latency: Latency) -> None:
    concurrency = fresh(ceiling)
    for _ in range(2000):
        driven(concurrency, latency, answers=1)
        assert 1 <= concurrency.limit <= ceiling


def test_it_says_when_the_limit_changed() -> None:
    concurrency = fresh()

    changes = [concurrency.note(0.05, in_flight=FIRST) for _ in range(FIRST)]

    assert changes == [False] * (FIRST - 1) + [True]
