"""What a benchmark writes: a goal holds or not, and the file has the four keys of each."""

import json
from pathlib import Path

import pytest

from bench.rows import Row, middle, table, write


@pytest.mark.parametrize(
    ("value", "least", "most", "goal", "holds"),
    [
        (0.35, 0.35, None, "at least 0.35 x", True),
        (0.34, 0.35, None, "at least 0.35 x", False),
        (1.1, None, 1.1, "at most 1.1 x", True),
        (1.2, None, 1.1, "at most 1.1 x", False),
    ],
)
def test_a_goal_holds_up_to_its_bound(
    value: float, least: float | None, most: float | None, goal: str, *, holds: bool
) -> None:
    row = Row(name="memory", value=value, least=least, most=most, unit="x")

    assert (row.goal, row.holds) == (goal, holds)


def test_the_file_lists_what_each_row_says(tmp_path: Path) -> None:
    path = tmp_path / "out" / "results.json"

    write([Row(name="memory", value=1.04321, most=1.1, unit="x", detail={"megabytes": [103.4]})], path)

    assert json.loads(path.read_text()) == [
        {
            "name": "memory",
            "value": 1.0432,
            "goal": "at most 1.1 x",
            "holds": True,
            "detail": {"megabytes": [103.4]},
        }
    ]


def test_the_table_shows_what_does_not_hold() -> None:
    _head, _rule, first, second = table(
        [Row(name="memory", value=1.0, most=1.1, unit="x"), Row(name="idle", value=2.0, most=1, unit="%")]
    ).splitlines()

    assert [cell.strip() for cell in first.split("|")] == ["", "memory", "1.00 x", "at most 1.1 x", "yes", ""]
    assert second.endswith("| NO    |")


def test_a_measure_that_never_ended_is_zero() -> None:
    assert middle([]) == 0.0
    assert middle([3.0, 1.0, 2.0]) == 2.0
