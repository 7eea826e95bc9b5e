"""Hints for callers that have many a second: the first is said at once, those behind it together."""

import time

import pytest

from notifications import hints
from tests.support.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, int]]:
    said: list[tuple[float, int]] = []
    monkeypatch.setattr(hints, "_hint", lambda _task, pk: said.append((time.monotonic(), pk)))
    monkeypatch.setattr(hints, "_gathered", hints._Gathered())
    monkeypatch.setattr(hints, "GATHERED_FOR", 2.0)
    return said


def test_the_first_of_many_waits_for_nothing(said: list[tuple[float, int]]) -> None:
    asked = time.monotonic()

    hints.kick_page_soon(7)
    wait_for(lambda: said, "the hint")

    assert said[0][1] == 7
    assert said[0][0] - asked < hints.GATHERED_FOR


def test_those_behind_it_are_said_once(said: list[tuple[float, int]]) -> None:
    hints.kick_page_soon(7)
    wait_for(lambda: said, "the first hint")

    for _ in range(200):
        hints.kick_page_soon(7)
        hints.kick_page_soon(8)
    wait_for(lambda: len(said) >= 3, "the hints of the others")
    time.sleep(hints.GATHERED_FOR + 0.5)

    assert sorted(pk for _at, pk in said) == [7, 7, 8]
