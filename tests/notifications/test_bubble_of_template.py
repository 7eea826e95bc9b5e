"""A message that is not filled yet: its placeholders show what would stand there, and stand out."""

import re
from typing import Any

import pytest

from notifications.templatetags.messenger import bubble, bubble_of_template


def marks(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<mark title="([^"]*)">([^<]*)</mark>', html)


def shown(text: str, **values: Any) -> list[tuple[str, str]]:
    return marks(bubble_of_template({"text": text}, values))


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Hello", {}, []),
        ("Hello {{first_name|you}}!", {}, [("{{ first_name|you }}", "you")]),
        ("Hello {{ first_name }}!", {}, [("{{ first_name }}", "first_name")]),
        ("Hello {{ first_name|you }}!", {"first_name": "Zoé"}, [("{{ first_name|you }}", "Zoé")]),
        ("Hello {{ first_name|you }}!", {"first_name": " "}, [("{{ first_name|you }}", "you")]),
        ('{{ a|"<b>" }}', {}, [("{{ a|&quot;&lt;b&gt;&quot; }}", "&quot;&lt;b&gt;&quot;")]),
        ("{{ a }}", {"a": "<script>"}, [("{{ a }}", "&lt;script&gt;")]),
        ("{{ a }}", {"a": "{{ b }}"}, [("{{ a }}", "{{ b }}")]),
        ("{{ a }}{{ b| }}", {"a": 3}, [("{{ a }}", "3"), ("{{ b| }}", "")]),
    ],
)
def test_a_placeholder_stands_out(text: str, values: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert shown(text, **values) == expected


def test_every_text_of_a_card_shows_its_own() -> None:
    button = {"type": "web_url", "title": "For {{ who|you }}", "url": "https://shop.example/?for={{ who|you }}"}
    cards = [{"title": "{{ title|T }}", "subtitle": "{{ sub|S }}", "buttons": [button]}]
    body = {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": cards}}}
    html = bubble_of_template(body)
    assert [words for _written, words in marks(html)] == ["T", "S", "you"]
    assert 'href="https://shop.example/?for=you"' in html


@pytest.mark.parametrize(
    "text",
    ["https://shop.example/{{ path|a/b }} now", "https://shop.example/{{ path|a b }}", "https://x.example/{{ p }}"],
)
def test_a_link_in_a_text_stays_a_link(text: str) -> None:
    html = bubble_of_template({"text": text})
    assert re.search(r'<a href="https://[^"\ue000-\ue002]+"', html)
    assert not re.search("[\ue000-\ue002]", html)


def test_characters_of_private_use_leave_no_trace() -> None:
    html = bubble_of_template({"text": "\ue0000\ue001x\ue002 {{ a|b\ue002 }}"})
    assert marks(html) == [("{{ a|b }}", "b")]
    assert "0x" in html
    assert not re.search("[\ue000-\ue002]", html)


def test_what_was_sent_is_shown_as_it_is() -> None:
    assert "{{ first_name }}" in bubble({"text": "{{ first_name }}"})
    assert "<mark" not in bubble({"text": "{{ first_name }}"})


@pytest.mark.parametrize("body", [None, "", "[", [], {"text": 1}, {"attachment": "{{ a }}"}, 5])
def test_whatever_it_is_given_it_shows_something(body: object) -> None:
    assert bubble_of_template(body)
