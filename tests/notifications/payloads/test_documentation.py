"""The tables of docs/payloads.md are what the code says; a failure shows the lines to put there."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from notifications.payloads import limits, sentences

DOCUMENT = Path(__file__).parents[3] / "docs" / "payloads.md"


def limits_table() -> list[str]:
    rows = [
        f"| {limit.of} | {limit.least or ''} | {limit.most:,} | {limit.unit} | {limit.source} |" for limit in limits.ALL
    ]
    return ["| field | at least | at most | unit | source |", "| --- | --- | --- | --- | --- |", *rows]


def codes_table(codes: Mapping[str, str]) -> list[str]:
    rows = [f"| `{code}` | {message} |" for code, message in codes.items()]
    return ["| code | says |", "| --- | --- |", *rows]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("limits", limits_table()),
        ("errors", codes_table(sentences.ERRORS)),
        ("warnings", codes_table(sentences.WARNINGS)),
    ],
    ids=["limits", "errors", "warnings"],
)
def test_a_table_is_what_the_code_says(name: str, table: list[str]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    between = text.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->")[0]
    assert between.splitlines() == table


def test_every_limit_is_in_the_list() -> None:
    named = {value for value in vars(limits).values() if isinstance(value, limits.Limit)}
    assert named == set(limits.ALL)
