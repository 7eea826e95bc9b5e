"""A utility template in the bubble, filled as far as it goes."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from notifications.bubble import bubble, of_template
from notifications.templatetags.messenger import bubble_of_template

ORDER: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
    {"type": "BODY", "text": "Hello {{1}}, it <left>. See https://shop.example/a"},
    {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Track", "url": "https://shop.example/t/{{1}}"}]},
]


def html(components: list[dict[str, Any]], parameters: dict[str, str]) -> str:
    return render_to_string("messenger/bubble.html", bubble(of_template(components, parameters)))


def test_header_body_and_buttons_are_filled_and_escaped() -> None:
    shown = html(ORDER, {"header_1": "871", "1": "Claire & Co", "button_1": "9"})
    assert "Order 871" in shown
    assert "Hello Claire &amp; Co, it &lt;left&gt;." in shown
    assert 'href="https://shop.example/t/9"' in shown
    assert 'href="https://shop.example/a"' in shown


def test_one_of_words_alone_is_a_text_like_any_other() -> None:
    assert bubble(of_template([{"type": "BODY", "text": "It left."}], {}))["bubble"]["parts"][0]["kind"] == "text"


def test_a_header_that_is_a_picture_keeps_its_place() -> None:
    picture = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "It left."}]
    assert "msgr-picture" in html(picture, {})


def test_our_own_placeholders_in_a_parameter_stand_out() -> None:
    shown = bubble_of_template(of_template(ORDER, {"1": "{{ first_name|customer }}"}))
    assert ">customer</mark>" in shown


@pytest.mark.parametrize("value", [None, "x", {}, {"buttons": []}, {"body": None, "buttons": "x"}])
def test_whatever_stands_there_is_shown_without_failing(value: object) -> None:
    assert bubble({"utility": value})["bubble"]["parts"]
