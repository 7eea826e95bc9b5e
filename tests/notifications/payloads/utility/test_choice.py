"""The choice of a template beside a message."""

from typing import Any

import pytest

from notifications.payloads import PayloadError, compiled, utility
from tests.notifications.payloads.utility.templates import NAMED, PLAIN

CHOICE: dict[str, Any] = {
    "name": "commande_expediee",
    "language": "fr",
    "parameters": {"prenom": "{{ first_name|client }}", "numero": "871", "button_2": "871", "button_3": "871"},
}


def problems(raw: object, **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(PayloadError) as refused:
        utility.parse_choice(raw, **options)
    return [(each.path, each.code) for each in refused.value.problems]


def test_a_choice_is_kept_as_it_came_and_read_back() -> None:
    choice = utility.parse_choice(CHOICE)
    assert choice.as_dict() == CHOICE
    assert utility.parse_choice_json(choice.as_json()) == choice


def test_parameters_may_be_left_out() -> None:
    assert utility.parse_choice({"name": "a", "language": "en_US"}).as_dict()["parameters"] == {}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, ("", "null")),
        ([], ("", "not_object")),
        ("commande", ("", "not_object")),
        ({}, ("name", "missing")),
        ({**CHOICE, "language": None}, ("language", "null")),
        ({**CHOICE, "name": 7}, ("name", "not_text")),
        ({**CHOICE, "name": "Été"}, ("name", "template_name")),
        ({**CHOICE, "language": "français"}, ("language", "template_language")),
        ({**CHOICE, "more": 1}, ("more", "unknown_key")),
        ({**CHOICE, "parameters": []}, ("parameters", "not_object")),
        ({**CHOICE, "parameters": {"prenom": 7}}, ("parameters.prenom", "not_text")),
        ({**CHOICE, "parameters": {"prenom": " "}}, ("parameters.prenom", "blank")),
        ({**CHOICE, "parameters": {"prenom": "{{ First }}"}}, ("parameters.prenom", "placeholder")),
        ({**CHOICE, "parameters": {"prenom": "a" * 1001}}, ("parameters.prenom", "too_long")),
        ({**CHOICE, "parameters": {"prenom": "a\x00"}}, ("parameters.prenom", "bad_character")),
        ({**CHOICE, "parameters": {f"p{n}": "x" for n in range(51)}}, ("parameters", "too_many")),
        ({**CHOICE, "parameters": {"a b": 7}}, ("parameters", "not_text")),
    ],
)
def test_what_is_wrong_is_said_at_its_place(raw: object, expected: tuple[str, str]) -> None:
    assert expected in problems(raw)


def test_problems_stand_where_the_choice_stands() -> None:
    assert problems({"language": "fr", "name": ""}, path="utility") == [("utility.name", "template_name")]


def test_braces_are_text_once_it_is_filled() -> None:
    assert utility.parse_choice({**CHOICE, "parameters": {"prenom": "{{ First"}}, filled=True).parameters
    assert problems({**CHOICE, "parameters": {"prenom": " "}}, filled=True) == [("parameters.prenom", "blank")]


def test_a_frozen_choice_is_filled_as_any_frozen_text_is() -> None:
    template = compiled(utility.parse_choice(CHOICE).as_json())
    filled = utility.parse_choice_json(template.fill({"first_name": 'Ann "A" {{x'}).body, filled=True)
    assert (template.names, filled.parameters["prenom"]) == (("first_name",), 'Ann "A" {{x')


@pytest.mark.parametrize(
    ("parameters", "template", "expected"),
    [
        (CHOICE["parameters"], NAMED, []),
        ({}, PLAIN, []),
        ({}, NAMED, [("parameters", "missing")] * 4),
        ({**CHOICE["parameters"], "more": "x"}, NAMED, [("parameters.more", "unknown_key")]),
        ({"more": "x"}, PLAIN, [("parameters.more", "no_parameters")]),
    ],
)
def test_a_choice_that_does_not_fit_its_template_is_told_apart(
    parameters: dict[str, str], template: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    choice = utility.Choice(name="a", language="fr", parameters=parameters)
    assert [(each.path, each.code) for each in utility.misfits(choice, template)] == expected
