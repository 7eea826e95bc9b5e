"""What a placeholder is, what only looks like one, and how long a text with placeholders is."""

from typing import Any

import pytest

from notifications.payloads import parse
from notifications.payloads.placeholders import found as placeholders_of
from notifications.payloads.placeholders import nearly, shown
from tests.notifications.payloads.findings import buttons, card, carousel, found, image, problems, receipt, web_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello", []),
        ("{{ first_name }}", [("first_name", None)]),
        ("{{first_name}}", [("first_name", None)]),
        ("{{\n first_name\u00a0}}", [("first_name", None)]),
        ("{{ first_name|vous }}", [("first_name", "vous")]),
        ("{{ first_name | chère cliente, cher client }}", [("first_name", "chère cliente, cher client")]),
        ("{{ first_name| }}", [("first_name", "")]),
        ("{{ a|b|c }}", [("a", "b|c")]),
        ("{{ a }}{{ b2_ }}", [("a", None), ("b2_", None)]),
        ("{{ a }}}", [("a", None)]),
        (f"{{{{ {'a' * 40} }}}}", [("a" * 40, None)]),
        (f"{{{{ {'a' * 41} }}}}", []),
        ("{{{ a }}", []),
        ("{ a }", []),
        ("{{ A }}", []),
        ("{{ 1a }}", []),
        ("{{ prénom }}", []),
    ],
)
def test_a_placeholder_is_a_name_in_two_braces_with_or_without_a_default(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert [(each.name, each.default) for _match, each in placeholders_of(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{ First Name }}",
        "{{ First_name }}",
        "{{first-name}}",
        "{{name",
        "{{ name }",
        "{{",
        "{{}}",
        "{{ }}",
        "{{{ name }}}",
        "{{ name|{x} }}",
        "{name}}",
        "{ name|vous }}",
        "{% if name %}",
        "{%",
        "{{ name }} and {{ Name }}",
    ],
)
def test_what_only_looks_like_a_placeholder_is_refused(text: str) -> None:
    assert nearly(text)
    assert found({"text": text}) == [("text", "placeholder")]


@pytest.mark.parametrize(
    "text", ["{", "}}", "{name}", "a {b} c", '{"a":{"b":1}}', "{ }", "}{", '{"id":{{ id }}}', "{#1}"]
)
def test_other_braces_are_text(text: str) -> None:
    assert parse({"text": text}).text == text


def test_the_problem_shows_what_is_meant_and_what_to_write() -> None:
    (problem,) = problems({"text": "Hello {{ First Name }}!"})
    assert problem.english() == (
        "Write a placeholder as {{ first_name }} or {{ first_name|words if it is missing }}, its name in small "
        "letters, digits and _: “{{ First Name }}” is none."
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Hello", "Hello"),
        ("Hello {{ first_name }}", "Hello x"),
        ("Hello {{ first_name|vous }}!", "Hello vous!"),
        ("{{ a| }}{{ b| c }}", "c"),
    ],
)
def test_a_text_shows_its_defaults_or_one_character(text: str, seen: str) -> None:
    assert shown(text) == seen


TWENTY: list[tuple[str, bool]] = [
    ("{{ first_name|vous }}" + "x" * 16, True),
    ("{{ first_name|vous }}" + "x" * 17, False),
    ("{{ first_name }}" + "x" * 19, True),
    ("{{ first_name }}" + "x" * 20, False),
    ("{{ first_name|" + "x" * 21 + " }}", False),
]


@pytest.mark.parametrize(("title", "fits"), TWENTY)
def test_a_limit_measures_the_text_as_it_would_show(title: str, fits: bool) -> None:
    path = "attachment.payload.elements[0].buttons[0].title"
    body = buttons(web_url(title=title))
    if fits:
        parse(body)
    else:
        assert found(body) == [(path, "too_long")]


def test_a_text_of_which_only_empty_defaults_are_left_is_blank() -> None:
    assert found({"text": "{{ a| }} {{ b| }}"}) == [("text", "blank")]


def test_a_card_whose_subtitle_may_be_empty_needs_something_else() -> None:
    assert found(carousel({"title": "Scarf", "subtitle": "{{ size| }}"})) == [
        ("attachment.payload.elements[0]", "card_with_title_only")
    ]


P = "{{ name|you }}"
EVERYWHERE: list[dict[str, Any]] = [
    {"text": P},
    carousel(card(title=P, subtitle=P)),
    buttons(web_url(title=P, url=f"https://shop.example/cart?id={P}")),
    buttons({"type": "postback", "title": P, "payload": P}),
    buttons({"type": "phone_number", "title": P, "payload": "+33240000000"}),
    receipt(recipient_name=P, order_number=P, payment_method=P, merchant_name=P),
    image(url=f"https://shop.example/{P}.png"),
]


@pytest.mark.parametrize("body", EVERYWHERE)
def test_any_text_may_hold_one(body: dict[str, Any]) -> None:
    assert parse(body).as_dict() == body


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("{{ url }}", "url_placeholder"),
        ("https://{{ shop }}/", "url_placeholder"),
        ("https://shop.{{ country|fr }}/", "url_placeholder"),
        ("https://shop.example{{ path }}", "url_placeholder"),
        ("https://shop.example/{{ Path }}", "placeholder"),
        ("https://shop.example/{{ path|a b }}", "url_blanks"),
        ("https://shop.example/?q={{ path }}&r= ", "url_blanks"),
    ],
)
def test_an_address_leads_to_a_website_that_no_value_changes(url: str, code: str) -> None:
    assert found(image(url=url)) == [("attachment.payload.url", code)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (receipt(currency=P), "currency"),
        (receipt(timestamp=P), "timestamp"),
        (receipt(summary={"total_cost": P}), "not_number"),
        (buttons({"type": "phone_number", "title": "Call", "payload": P}), "phone_number"),
    ],
)
def test_codes_amounts_and_numbers_hold_none(body: dict[str, Any], code: str) -> None:
    assert [each for _path, each in found(body)] == [code]


def test_once_filled_braces_are_text_and_count_in_full() -> None:
    assert parse({"text": "{{ First Name }}"}, filled=True).text == "{{ First Name }}"
    body = buttons(web_url(title="{{ first_name|vous }}"))
    with pytest.raises(ValueError, match="20 characters: it has 21"):
        parse(body, filled=True)
