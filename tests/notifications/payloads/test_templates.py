"""Filling a frozen body: byte for byte what was frozen, but for the placeholders."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.payloads import Message, Unfilled, compiled, parse, parse_json
from notifications.payloads.templates import Template
from tests.notifications.payloads.findings import buttons, problems_of_json, web_url
from tests.notifications.payloads.strategies import LETTERS, MESSAGES

ROUNDS = settings(max_examples=300, deadline=None)


def filled(body: str, **values: object) -> str:
    return compiled(body).fill(values).body


VALUES = [
    "Zoé",
    'quo"tes',
    '"quoted"',
    "back\\slash \\n \\u0041",
    "line\nbreak\r\n\ttab",
    "one\u2028two\u2029three",
    "🧣👩‍👩‍👧",
    "{{ first_name }}",
    "{% if x %} {{",
    "</script>&amp;",
    "%(name)s $name {0}",
    "x" * 100_000,
    " Zoé ",
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_comes_out_of_the_json_as_it_went_in(value: str) -> None:
    body = json.loads(filled('{"text":"Hello {{ first_name }}!"}', first_name=value))
    assert body == {"text": f"Hello {value}!"}


@pytest.mark.parametrize(("value", "words"), [(3, "3"), (4.5, "4.5"), (-1, "-1")])
def test_a_number_is_put_in_as_json_writes_it(value: object, words: str) -> None:
    assert filled('{"text":"{{ n }}"}', n=value) == f'{{"text":"{words}"}}'


@pytest.mark.parametrize("value", [None, "", " \u00a0\n", [], ["Zoé"], {}, True, False])
def test_a_value_without_words_counts_as_missing(value: object) -> None:
    assert filled('{"text":"{{ n|you }}"}', n=value) == '{"text":"you"}'
    with pytest.raises(Unfilled):
        filled('{"text":"{{ n }}"}', n=value)


def test_all_that_is_missing_is_named_once_in_order() -> None:
    template = compiled('{"text":"{{ b }} {{ a }} {{ b }} {{ c|d }}"}')
    assert (template.names, template.required) == (("b", "a", "c"), ("b", "a"))
    with pytest.raises(Unfilled) as caught:
        template.fill({"c": "x"})
    assert caught.value.names == ("b", "a")


def test_what_was_put_in_is_told_by_name_and_none_where_the_default_was() -> None:
    filled = compiled('{"text":"{{ a }} {{ b|bee }} {{ a|ay }}"}').fill({"a": 1, "b": " ", "unused": "x"})
    assert filled.personal == {"a": "1", "b": None}


def test_filled_again_from_what_was_put_in_it_says_the_same() -> None:
    template = compiled('{"text":"{{ a }} {{ b|one }} {{ b|two }}"}')
    first = template.fill({"a": 1.5})
    assert template.fill(first.personal) == first


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"text":"a"}', '{"text":"a"}'),
        ('{ "text" : "\\u00e9 {{ n }}\\/" }', '{ "text" : "\\u00e9 Zoé\\/" }'),
        ('{"text":"\\u007b\\u007B n }}"}', '{"text":"Zoé"}'),
        ('{"text":"{{\\nn\\t}}\\n"}', '{"text":"Zoé\\n"}'),
        ('{"text":"\\ud83e\\udde3{{ n }}\\ud83e\\udde3"}', '{"text":"\\ud83e\\udde3Zoé\\ud83e\\udde3"}'),
        ('{"text":"{{ m|\\"quoted\\" \\\\ \\u00e9 }}"}', '{"text":"\\"quoted\\" \\\\ é"}'),
        ('{"{{ n }}":1, "text":"{{ n }}"}', '{"{{ n }}":1, "text":"Zoé"}'),
        ('{"{{ n }}" :1}', '{"{{ n }}" :1}'),
        ('{"text":"\\\\{{ n }}\\""}', '{"text":"\\\\Zoé\\""}'),
        ('["{{ n }}","{{ n }}"]', '["Zoé","Zoé"]'),
    ],
)
def test_what_is_no_placeholder_stays_as_it_was_frozen(body: str, expected: str) -> None:
    assert filled(body, n="Zoé") == expected


def test_a_body_without_placeholders_needs_nothing() -> None:
    template = compiled('{"text":"a {b} }}"}')
    assert (template.names, template.required, template.pieces) == ((), (), ('{"text":"a {b} }}"}',))


def test_a_frozen_body_is_read_once() -> None:
    assert compiled('{"text":"{{ once }}"}') is compiled('{"text":"{{ once }}"}')


def test_a_limit_that_only_a_value_breaks_is_found_in_the_filled_body() -> None:
    body = json.dumps(buttons(web_url(title="{{ first_name|vous }}")))
    parse_json(filled(body, first_name="x" * 20), filled=True)
    with pytest.raises(ValueError, match="20 characters: it has 21"):
        parse_json(filled(body, first_name="x" * 21), filled=True)


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_a_value_that_no_message_may_hold_is_found_in_the_filled_body(value: str) -> None:
    body = filled('{"text":"{{ n }}"}', n=value)
    with pytest.raises(ValueError, match="null character"):
        parse_json(body, filled=True)
    assert problems_of_json(body)


@ROUNDS
@given(st.text(max_size=40).filter(str.strip), st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=20))
def test_any_value_arrives_whole_between_any_words(value: str, before: str, after: str) -> None:
    frozen = json.dumps({"text": f"{before}|{{{{ n }}}}|{after}"}, ensure_ascii=False)
    if compiled(frozen).names != ("n",):
        return
    assert json.loads(filled(frozen, n=value)) == {"text": f"{before}|{value}|{after}"}


@ROUNDS
@given(MESSAGES)
def test_a_message_without_placeholders_is_its_own_filling(message: Message) -> None:
    assert compiled(message.as_json()).fill({}).body == message.as_json()


def with_a_placeholder_in_each_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: with_a_placeholder_in_each_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_a_placeholder_in_each_text(item) for item in value]
    return f"{{{{ n }}}}{value}" if isinstance(value, str) else value


@ROUNDS
@given(MESSAGES, st.booleans())
def test_every_text_of_a_body_is_filled_and_no_key(message: Message, ascii_only: bool) -> None:
    body = json.dumps(with_a_placeholder_in_each_text(message.as_dict()), ensure_ascii=ascii_only)
    undone = re.sub("MARK", "", filled(body, n="MARK"))
    assert parse(json.loads(undone)).as_dict() == message.as_dict()


def test_it_is_immutable() -> None:
    template = compiled('{"text":"{{ n }}"}')
    assert isinstance(template, Template)
    with pytest.raises(AttributeError):
        template.pieces = ()  # type: ignore[misc]
