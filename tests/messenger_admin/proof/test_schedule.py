"""Blows are drawn from a seed."""

import pytest

from messenger_admin.proof.schedule import EARLY, FIRST, JUMPS, LAST, LONG, Act, Fault, Telling, schedule

COUNTS = dict.fromkeys(Fault, 3)


def drawn(seed: int) -> list[Act]:
    return schedule(seed=seed, counts=COUNTS)


def test_a_seed_draws_the_same_again() -> None:
    assert drawn(7) == drawn(7)


def test_another_seed_draws_something_else() -> None:
    assert drawn(7) != drawn(8)


@pytest.mark.parametrize("seed", range(5))
def test_there_are_as_many_as_wanted_in_the_order_in_which_they_happen(seed: int) -> None:
    acts = drawn(seed)

    assert {fault: sum(act.fault is fault for act in acts) for fault in Fault} == COUNTS
    assert acts == sorted(acts, key=lambda act: act.at)
    assert all(FIRST <= act.at <= (EARLY if act.fault in LONG else LAST) for act in acts)


def test_every_telling_has_its_turn_before_one_comes_again() -> None:
    acts = schedule(seed=1, counts={Fault.MISBEHAVE: len(Telling), Fault.KILL: 4})

    assert {act.telling for act in acts if act.fault is Fault.MISBEHAVE} == set(Telling)


def test_clocks_jump_both_ways() -> None:
    acts = schedule(seed=1, counts={Fault.DATABASE_CLOCK: len(JUMPS)})

    assert {act.jump for act in acts} == set(JUMPS)
