"""The daily work: in steps, once a day, by one worker at a time, and never longer than it was given."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.models import RetentionRun
from pages.retention import running
from pages.retention.kind import Kind, Step, Turn

pytestmark = pytest.mark.django_db

NOW = timezone.now()


class Backlog:
    """A kind with so many steps to do; `turns` are those that it was given."""

    def __init__(self, name: str, steps: int) -> None:
        self.left, self.turns = steps, list[Turn]()
        self.kind = Kind(
            name=name,
            words=_("a"),
            about=_("b"),
            due=self.due,
            at="next_at",
            keep=lambda: timedelta(days=1),
            step=self.step,
        )

    def due(self, _before: object) -> "QuerySet[RetentionRun]":
        return RetentionRun.objects.none()

    def step(self, turn: Turn) -> Step:
        self.turns.append(turn)
        self.left -= 1
        return Step(removed=10, after=str(self.left) if self.left else None)


def run(*backlogs: Backlog, after: timedelta = timedelta(0), seconds: float = 60) -> int:
    return running.run_due([each.kind for each in backlogs], now=NOW + after, seconds=seconds)


def test_a_backlog_is_worked_off_and_each_step_goes_on_where_the_last_one_stopped() -> None:
    backlog = Backlog("a", 3)

    assert run(backlog) == 30

    assert [turn.after for turn in backlog.turns] == ["", "2", "1"]
    assert {turn.before for turn in backlog.turns} == {NOW - timedelta(days=1)}
    row = RetentionRun.objects.get()
    assert (row.removed, row.begun_at, row.ended_at, row.after) == (30, NOW, NOW, "")


def test_once_a_day() -> None:
    backlog = Backlog("a", 1)
    run(backlog)
    run(backlog, after=timedelta(hours=23))
    assert len(backlog.turns) == 1

    backlog.left = 1
    run(backlog, after=timedelta(hours=24))

    assert len(backlog.turns) == 2
    assert RetentionRun.objects.get().removed == 10


def test_no_longer_than_it_was_given_and_on_with_the_next_sweep() -> None:
    backlog = Backlog("a", 3)

    assert run(backlog, seconds=0) == 0
    assert run(backlog, after=timedelta(seconds=5)) == 30


def test_kinds_take_turns() -> None:
    one, other = Backlog("a", 3), Backlog("b", 3)
    order: list[str] = []
    for each in (one, other):
        step = each.step
        each.kind = _watched(each.kind, order, step)

    run(one, other)

    assert order == ["a", "b", "a", "b", "a", "b"]


def _watched(kind: Kind, order: list[str], step: Callable[[Turn], Step]) -> Kind:
    def watched(turn: Turn) -> Step:
        order.append(kind.name)
        return step(turn)

    return replace(kind, step=watched)


def test_what_another_worker_works_on_is_left_to_it() -> None:
    backlog = Backlog("a", 1)
    RetentionRun.objects.create(kind="a", next_at=NOW + running.TAKEN, begun_at=NOW)

    assert run(backlog) == 0
    # It died: another one goes on.
    assert run(backlog, after=running.TAKEN) == 10


def test_a_run_that_was_interrupted_goes_on_where_it_was() -> None:
    backlog = Backlog("a", 1)
    RetentionRun.objects.create(kind="a", next_at=NOW, begun_at=NOW - timedelta(hours=1), after="7", removed=500)

    run(backlog)

    assert backlog.turns[0].after == "7"
    assert RetentionRun.objects.get().removed == 510
