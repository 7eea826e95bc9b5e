"""Each broken promise is found, with its deliveries; where all are kept nothing is said."""

from dataclasses import replace

import pytest

from messenger_admin.proof.judge import Arrival, Evidence, Promise, Row, Woken, judge

AT = 1_000.0


def row(pk: int, state: str = "sent", **changes: object) -> Row:
    made = Row(delivery_id=pk, campaign_id=1, page_id="1", customer_id=f"c-{pk}", state=state, reason="")
    return replace(made, **changes)  # type: ignore[arg-type]


def arrival(pk: int, **changes: object) -> Arrival:
    made = Arrival(delivery_id=pk, page_id="1", customer_id=f"c-{pk}", at=AT, delivered=True, behaviour="")
    return replace(made, **changes)  # type: ignore[arg-type]


SOUND = Evidence(
    expected=4,
    rows=[row(1), row(2, "failed"), row(3, "unknown", reason="sender_lost"), row(4, "unknown", reason="reset")],
    arrivals=[arrival(1), arrival(2, delivered=False, behaviour="answer 400"), arrival(4, behaviour="reset")],
    in_flight=frozenset({3}),
    may_be_doubtful=0,
    woken=[Woken(held=frozenset({3}), at=AT, begun=frozenset())],
    tallies={1: {"sent": 1, "failed": 1, "unknown": 2, "queued": 0}},
    states={1: "finished"},
)


def test_nothing_is_said_of_a_run_that_kept_every_promise() -> None:
    assert judge(SOUND) == []


@pytest.mark.parametrize(
    ("promise", "deliveries", "change"),
    [
        (Promise.COMPLETE, (), {"expected": 5}),
        (Promise.COMPLETE, (1, 9), {"rows": [*SOUND.rows, row(9, customer_id="c-1")]}),
        (Promise.ENDED, (9,), {"rows": [*SOUND.rows, row(9, "queued")]}),
        (Promise.ENDED, (9,), {"rows": [*SOUND.rows, row(9, "dispatching")]}),
        (Promise.ONCE, (1,), {"arrivals": [*SOUND.arrivals, arrival(1)]}),
        (Promise.ONCE, (1, 2), {"arrivals": [*SOUND.arrivals, arrival(2, customer_id="c-1")]}),
        (Promise.HONEST, (2,), {"arrivals": [*SOUND.arrivals, arrival(2)]}),
        (Promise.HONEST, (9,), {"arrivals": [*SOUND.arrivals, arrival(9)]}),
        (Promise.TRUE, (1,), {"arrivals": SOUND.arrivals[1:]}),
        (Promise.BOUNDED, (3,), {"in_flight": frozenset()}),
        (Promise.BOUNDED, (4,), {"arrivals": [SOUND.arrivals[0], arrival(4)]}),
        (Promise.FENCED, (3,), {"arrivals": [*SOUND.arrivals, arrival(3, at=AT + 1)]}),
        (Promise.FENCED, (1,), {"woken": [Woken(held=frozenset(), at=AT, begun=frozenset({1}))]}),
        (Promise.COUNTED, (), {"tallies": {1: {"sent": 4}}}),
        (Promise.FINISHED, (), {"states": {1: "running"}}),
    ],
)
def test_a_broken_promise_is_found(promise: Promise, deliveries: tuple[int, ...], change: dict[str, object]) -> None:
    found = judge(replace(SOUND, **change))  # type: ignore[arg-type]

    assert (promise, deliveries) in {(violation.promise, violation.deliveries) for violation in found}


def test_a_refusal_unread_may_be_repeated() -> None:
    tries = [arrival(1, delivered=False, behaviour="answer 429"), *SOUND.arrivals]

    assert judge(replace(SOUND, arrivals=tries)) == []
