"""Which attributes may be entered, and what of a value is words."""

from typing import Any

import pytest

from optins import attributes
from optins.attributes import AttributeProblem, words_of


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Claire", "Claire"),
        (" Claire\n", " Claire\n"),
        ("", None),
        (" \t\u00a0\u2003", None),
        (3, "3"),
        (-0.5, "-0.5"),
        (1e22, "1e+22"),
        (0, "0"),
        (10**400, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        (False, None),
        (None, None),
        ([], None),
        (["Claire"], None),
        ({"a": "b"}, None),
    ],
)
def test_a_text_and_a_number_are_words_and_nothing_else_is(value: object, words: str | None) -> None:
    assert words_of(value) == words


@pytest.mark.parametrize("given", [{}, {"first_name": "Zoé"}, {"a": 1}, {"a" * 40: "x" * 1000}, {"note": "two\nlines"}])
def test_what_may_be_entered(given: dict[str, Any]) -> None:
    attributes.check(given)


@pytest.mark.parametrize(
    ("given", "code", "name"),
    [
        ({"First_name": "Zoé"}, "name", "First_name"),
        ({"first name": "Zoé"}, "name", "first name"),
        ({"1st": "Zoé"}, "name", "1st"),
        ({"prénom": "Zoé"}, "name", "prénom"),
        ({"a" * 41: "Zoé"}, "name", "a" * 41),
        ({"": "Zoé"}, "name", ""),
        ({"a\n": "Zoé"}, "name", "a\n"),
        ({"a": " "}, "value", "a"),
        ({"a": None}, "value", "a"),
        ({"a": "x" * 1001}, "too_long", "a"),
        ({"a": "x\x00"}, "unprintable", "a"),
        ({"a": "\ud800"}, "unprintable", "a"),
        ({f"a{n}": "x" for n in range(51)}, "too_many", ""),
    ],
)
def test_what_may_not_be_entered_is_named(given: dict[str, Any], code: str, name: str) -> None:
    with pytest.raises(AttributeProblem) as caught:
        attributes.check(given)
    assert (caught.value.code, caught.value.name) == (code, name)


@pytest.mark.parametrize("code", attributes.MESSAGES)
def test_every_problem_is_a_sentence(code: str) -> None:
    assert str(AttributeProblem(code)).endswith((".", "first_name."))


def test_the_blanks_are_those_that_python_takes_off() -> None:
    assert not attributes.BLANKS.strip()
    assert all(not chr(code).isspace() or chr(code) in attributes.BLANKS for code in range(0x110000))
