"""What stands in the way of a launch is stored as a code and read in any language."""

import json
import re

import pytest
from django.utils import translation

from notifications import payloads
from notifications.launch_problems import _WORDS, LaunchProblem, of_content, problem, read

PARAMS = {
    "page": "Shop (1)",
    "name": "Sale",
    "problem": "…",
    "pace": 50,
    "most": 40,
    "names": "first_name",
    "first": "first_name",
}


@pytest.mark.parametrize("code", _WORDS)
def test_each_code_has_a_sentence_in_both_languages(code: str) -> None:
    names = re.findall(r"%\((\w+)\)", str(_WORDS[code]))
    found = problem(code, **{name: PARAMS[name] for name in names})
    with translation.override("en"):
        english = read(json.loads(json.dumps(found.as_json())))
    with translation.override("fr"):
        french = read(json.loads(json.dumps(found.as_json())))

    assert english == str(found)
    assert french != english


def test_a_limit_that_the_content_breaks_is_translated_too() -> None:
    with pytest.raises(payloads.PayloadError) as error:
        payloads.parse({"text": "x" * 2001})
    stored = json.loads(json.dumps(of_content("Sale", error.value.problems[0]).as_json()))

    with translation.override("en"):
        english = read(stored)
    with translation.override("fr"):
        french = read(stored)

    assert "2,000" in english or "2000" in english
    assert english.split(":", 1)[1].strip() not in french


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("The page has no token.", "The page has no token."),
        ({"code": "of_a_newer_version", "params": {}}, "of_a_newer_version"),
    ],
)
def test_what_another_version_stored_stands_for_itself(stored: object, said: str) -> None:
    assert read(stored) == said


def test_problems_are_compared_by_what_they_say() -> None:
    assert problem("audience_empty") == LaunchProblem("audience_empty")
