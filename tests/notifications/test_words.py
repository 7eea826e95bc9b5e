"""Findings of the pure modules in the words of the person who reads."""

import pytest
from django.utils import translation

from notifications.payloads import Problem
from notifications.payloads.problems import problem
from notifications.payloads.sentences import SENTENCES
from notifications.reasons import Reason
from notifications.words import detail_words, reason_advice, reason_words, say


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_and_advice(reason: Reason) -> None:
    with translation.override("en"):
        for sentence in (reason_words(reason.value), reason_advice(reason.value)):
            assert sentence[0].isupper()
            assert sentence.endswith((".", ".)"))
            assert "_" not in sentence.replace("customer_id", "")


def test_every_reason_has_words_of_its_own() -> None:
    assert len({reason_words(reason.value) for reason in Reason}) == len(Reason)


@pytest.mark.parametrize("code", ["", "a_reason_of_tomorrow"])
def test_an_unknown_reason_stands_for_itself_without_advice(code: str) -> None:
    assert (reason_words(code), reason_advice(code)) == (code, "")


def test_a_problem_is_said_with_its_values() -> None:
    with translation.override("en"):
        assert say(problem("text", "too_long", limit=20, length=21)) == "Shorten this to 20 characters: it has 21."


def test_a_problem_is_said_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.words.gettext", {"Write here.": "Écrivez ici."}.__getitem__)
    assert say(Problem("text", "blank", "Write here.")) == "Écrivez ici."


@pytest.mark.parametrize("code", SENTENCES)
def test_the_sentence_of_a_problem_is_one_for_people(code: str) -> None:
    sentence = SENTENCES[code]
    assert sentence[0].isupper() or sentence.startswith("“%(key)s”")
    assert sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("code", "detail", "said"),
    [
        ("refused", 'Too ["bad"]', 'Too ["bad"]'),
        ("no_value", '["first_name", "size"]', "{{ first_name }}, {{ size }}"),
        (
            "unfit_value",
            '{"names": ["who"], "problems": '
            '[{"path": "text", "code": "too_long", "params": {"limit": 20, "length": 21}}]}',
            "{{ who }}: text: Shorten this to 20 characters: it has 21.",
        ),
        ("no_value", "", ""),
        ("unfit_value", "of tomorrow", "of tomorrow"),
        ("unfit_value", '{"names": []}', '{"names": []}'),
        (
            "unfit_value",
            '{"names": [], "problems": [{"path": "", "code": "new", "params": {}}]}',
            '{"names": [], "problems": [{"path": "", "code": "new", "params": {}}]}',
        ),
    ],
)
def test_a_detail_is_said_in_words(code: str, detail: str, said: str) -> None:
    with translation.override("en"):
        assert detail_words(code, detail) == said
