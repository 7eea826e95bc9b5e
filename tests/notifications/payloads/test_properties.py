"""Whatever a message object can hold comes back equal; whatever comes in, the parser raises its own error only."""

import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.payloads import Message, PayloadError, Problem, parse, parse_json, warnings_of
from notifications.payloads.sentences import ERRORS, WARNINGS
from tests.notifications.payloads.strategies import JSON, MESSAGES, NOT_JSON, broken_messages

ROUNDS = settings(max_examples=300, deadline=None)


@ROUNDS
@given(MESSAGES)
def test_any_message_object_is_accepted_and_comes_back_equal(message: Message) -> None:
    assert parse(message.as_dict()) == message
    assert parse_json(message.as_json()) == message
    assert parse_json(message.as_json().encode()) == message


@ROUNDS
@given(MESSAGES)
def test_its_json_is_its_values_and_keeps_their_order(message: Message) -> None:
    assert json.loads(message.as_json()) == message.as_dict()
    assert parse(json.loads(message.as_json())).as_json() == message.as_json()


@ROUNDS
@given(MESSAGES)
def test_its_warnings_name_places_of_it_and_have_words(message: Message) -> None:
    for warning in warnings_of(message):
        assert warning.code in WARNINGS
        check(warning, message.as_dict())


@ROUNDS
@given(JSON | NOT_JSON | broken_messages())
def test_any_value_is_accepted_as_it_is_or_refused_with_problems_that_name_a_place(raw: object) -> None:
    outcome = judged(parse, raw)
    if isinstance(outcome, Message):
        assert outcome.as_dict() == raw
        return
    assert outcome
    for problem in outcome:
        assert problem.code in ERRORS
        assert problem.code != "not_accepted"
        check(problem, raw)


@ROUNDS
@given(st.binary() | st.text() | JSON.map(json.dumps) | st.text('{}[]",:\\ud0123456789eE+-. textNaN'))
def test_any_text_is_accepted_or_refused(raw: str | bytes) -> None:
    assert judged(parse_json, raw)


@ROUNDS
@given(JSON | broken_messages(JSON))
def test_json_text_and_its_values_are_judged_alike(raw: object) -> None:
    assert places(judged(parse, raw)) == places(judged(parse_json, json.dumps(raw)))


def judged(door: Callable[[Any], Message], raw: object) -> Message | tuple[Problem, ...]:
    """Any other exception than the parser's own fails the test."""
    try:
        return door(raw)
    except PayloadError as error:
        return error.problems


def places(outcome: Message | tuple[Problem, ...]) -> object:
    if isinstance(outcome, Message):
        return outcome
    return [(problem.path, problem.code) for problem in outcome]


def check(problem: Problem, raw: object) -> None:
    assert problem.english()
    steps = [int(index) if index else key for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", problem.path)]
    here: Any = raw
    for number, step in enumerate(steps, start=1):
        is_there = step in here if isinstance(here, dict) else isinstance(step, int) and step < len(here)
        if not is_there:
            # What is missing is the last step, in an object that is there.
            assert number == len(steps)
            assert isinstance(here, dict)
            return
        here = here[step]
