"""Text that is no JSON, or that JSON would read with a loss, is refused and nothing else happens."""

import pytest

from notifications.payloads import parse, parse_json
from tests.notifications.payloads.findings import problems, problems_of_json


def found(raw: str | bytes) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems_of_json(raw)]


@pytest.mark.parametrize("raw", ['{"text":"é"}', '{"text":"é"}'.encode(), b'\xef\xbb\xbf{"text":"\xc3\xa9"}'])
def test_text_and_utf_8_are_read(raw: str | bytes) -> None:
    assert parse_json(raw).text == "é"


@pytest.mark.parametrize("raw", [b'{"text":"\xe9"}', b"\xff\xfe{\x00}\x00", b'{"text":"\xed\xa0\x80"}'])
def test_bytes_that_are_not_utf_8_are_refused(raw: bytes) -> None:
    assert found(raw) == [("", "not_utf8")]


@pytest.mark.parametrize("raw", ["", "{", '{"text":}', "{'text': 'x'}", '{"text":"x"} x', '{"text":"a\nb"}', b""])
def test_text_that_is_not_json_is_refused(raw: str | bytes) -> None:
    assert found(raw) == [("", "not_json")]


def test_the_line_and_column_are_told() -> None:
    [problem] = problems_of_json('{\n  "text": oops\n}')
    assert problem.english() == "Correct the JSON: it can't be read at line 2, column 11."


@pytest.mark.parametrize(
    "raw",
    ["[" * 200_000, '{"a":' * 200_000, '{"text":' + "[" * 20 + "]" * 20 + "}"],
    ids=["lists", "objects", "whole"],
)
def test_deep_nesting_is_refused(raw: str) -> None:
    assert {code for _, code in found(raw)} == {"too_deep"}


@pytest.mark.parametrize(
    ("raw", "path", "key"),
    [
        ('{"text":"a","text":"b"}', "", "text"),
        ('{"attachment":{"type":"image","payload":{"url":"a","url":"a"}}}', "attachment.payload", "url"),
        ('{"text":"a","é":[{"b":1,"b":2}]}', "", "b"),
    ],
)
def test_a_key_that_stands_twice_is_refused(raw: str, path: str, key: str) -> None:
    [problem] = problems_of_json(raw)
    assert (problem.path, problem.code, problem.params["key"]) == (path, "duplicate_key", key)


@pytest.mark.parametrize("text", ["\\ud800", "\\udc00\\ud800", "a\\u0000b"])
def test_half_a_character_and_null_are_refused(text: str) -> None:
    assert found(f'{{"text":"{text}"}}') == [("text", "bad_character")]
    assert found(f'{{"text":"x","{text}":1}}') == [("", "bad_character")]


def test_null_is_no_value() -> None:
    assert found('{"text":"x","attachment":null}') == [("attachment", "null")]


@pytest.mark.parametrize("value", [b"x", ("x",), {"x"}, object(), 1j])
def test_a_value_that_json_does_not_have_is_refused(value: object) -> None:
    assert [(problem.path, problem.code) for problem in problems({"text": value})] == [("text", "no_json_value")]


def test_a_key_that_json_does_not_have_is_refused() -> None:
    assert [(problem.path, problem.code) for problem in problems({"text": "x", 1: "y"})] == [("", "no_json_value")]


def test_an_object_that_holds_itself_is_refused() -> None:
    body: dict[str, object] = {}
    body["text"] = body
    assert [problem.code for problem in problems(body)] == ["too_deep"]


def test_a_text_with_every_other_character_is_accepted() -> None:
    text = "\x01\t\n\r\u200d\u2028\ufffe\U0010ffff"
    assert parse({"text": text}).as_dict() == {"text": text}
    assert parse_json(parse({"text": text}).as_json()).text == text
