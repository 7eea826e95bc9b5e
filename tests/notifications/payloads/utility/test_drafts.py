"""A template that is being written: everything Facebook rejects is said before it is asked."""

from typing import Any

import pytest

from notifications.payloads import utility
from notifications.payloads.utility import ButtonKind, Draft, DraftButton

GOOD: dict[str, Any] = {
    "name": "commande_expediee",
    "language": "fr",
    "body": "Bonjour {{prenom}}, la commande {{numero}} vient de partir de notre entrepôt.",
    "samples": {"prenom": "Claire", "numero": "871"},
}
URL = DraftButton(
    kind=ButtonKind.URL,
    text="Suivre mon colis",
    value="https://shop.example/suivi/{{1}}",
    sample="https://shop.example/suivi/871",
)


def found(**changes: Any) -> list[tuple[str, str]]:
    return [(each.path, each.code) for each in utility.problems_of(Draft(**{**GOOD, **changes}))]


def test_a_good_one_is_told_as_facebook_wants_it() -> None:
    draft = Draft(**GOOD, buttons=(URL,))
    assert utility.problems_of(draft) == ()
    assert utility.creation(draft) == {
        "name": "commande_expediee",
        "language": "fr",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [
            {
                "type": "BODY",
                "text": GOOD["body"],
                "example": {
                    "body_text_named_params": [
                        {"param_name": "prenom", "example": "Claire"},
                        {"param_name": "numero", "example": "871"},
                    ]
                },
            },
            {
                "type": "BUTTONS",
                "buttons": [
                    {
                        "type": "URL",
                        "text": "Suivre mon colis",
                        "url": "https://shop.example/suivi/{{1}}",
                        "example": {"url_suffix_example": "https://shop.example/suivi/871"},
                    }
                ],
            },
        ],
    }


def test_numbers_have_their_samples_in_order_and_no_format() -> None:
    draft = Draft(
        name="order",
        language="en_US",
        header="{{1}} update",
        body="Your order {{1}} of the month {{2}} is on its way to you today.",
        samples={"header_1": "Order", "1": "871", "2": "May"},
        buttons=(DraftButton(kind=ButtonKind.PHONE_NUMBER, text="Call", value="+33240000000"),),
    )
    told = utility.creation(draft)
    assert utility.problems_of(draft) == ()
    assert "parameter_format" not in told
    assert [each.get("example") for each in told["components"]] == [
        {"header_text": ["Order"]},
        {"body_text": [["871", "May"]]},
        None,
    ]
    assert told["components"][2]["buttons"] == [
        {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+33240000000"}
    ]


def test_what_was_told_takes_the_parameters_that_were_written() -> None:
    assert utility.keys(utility.creation(Draft(**GOOD, buttons=(URL,)))["components"]) == (
        "prenom",
        "numero",
        "button_1",
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Commande"}, ("name", "template_name")),
        ({"name": ""}, ("name", "template_name")),
        ({"name": "a" * 513}, ("name", "template_name")),
        ({"language": "French"}, ("language", "template_language")),
        ({"body": " "}, ("body", "blank")),
        ({"body": "a" * 1025}, ("body", "too_long")),
        ({"body": "Hello {name}, your order has left our warehouse."}, ("body", "parameter")),
        ({"body": "Hello {{ na me }}, your order has left our warehouse."}, ("body", "parameter")),
        ({"body": "Hello {{Prénom}}, your order has left our warehouse."}, ("body", "parameter")),
        ({"body": "Hello {{Name}}, your order has left our warehouse."}, ("body", "parameter")),
        ({"body": "Order {{1}} and {{3}} have left our warehouse today."}, ("body", "parameters_in_order")),
        ({"body": "Order {{2}} and {{1}} have left our warehouse today."}, ("body", "parameters_in_order")),
        ({"body": "Order {{1}} of {{name}} has left our warehouse today."}, ("body", "parameters_mixed")),
        ({"header": "{{1}} update"}, ("body", "parameters_mixed")),
        ({"header": "{{a}} and {{b}}"}, ("header", "header_parameters")),
        ({"header": "a" * 61}, ("header", "too_long")),
        ({"body": "{{numero}} has left our warehouse today."}, ("body", "parameter_at_an_edge")),
        ({"body": "Our warehouse has sent this order: {{numero}}. "}, ("body", "parameter_at_an_edge")),
        ({"body": "Hello {{a}} {{b}} – {{c}}, hello."}, ("body", "few_words")),
        ({"samples": {"prenom": "Claire"}}, ("samples.numero", "sample_missing")),
        ({"samples": {"prenom": "Claire", "numero": " "}}, ("samples.numero", "sample_missing")),
        ({"buttons": (URL,) * 4}, ("buttons", "too_many")),
    ],
)
def test_what_facebook_rejects_is_said_at_its_place(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in found(**changes)


@pytest.mark.parametrize(
    ("kind", "text", "value", "sample", "expected"),
    [
        ("URL", "a" * 21, "https://a.example", "", ("buttons[0].text", "too_long")),
        ("URL", " ", "https://a.example", "", ("buttons[0].text", "blank")),
        ("URL", "See {{1}}", "https://a.example", "", ("buttons[0].text", "label_is_fixed")),
        ("URL", "See", "", "", ("buttons[0].value", "blank")),
        ("URL", "See", "shop.example", "", ("buttons[0].value", "url_host")),
        ("URL", "See", "javascript:alert(1)", "", ("buttons[0].value", "url_host")),
        ("URL", "See", "https://[", "", ("buttons[0].value", "url_host")),
        ("URL", "See", "https://a.example/" + "a" * 2048, "", ("buttons[0].value", "too_long")),
        ("URL", "See", "https://{{1}}", "", ("buttons[0].value", "template_url")),
        ("URL", "See", "https://{{1}}/a", "", ("buttons[0].value", "template_url")),
        ("URL", "See", "https://a.example/{{1}}/b", "", ("buttons[0].value", "template_url")),
        ("URL", "See", "https://a.example/{{order}}", "", ("buttons[0].value", "template_url")),
        ("URL", "See", "https://a.example/{{1}}", "", ("buttons[0].sample", "sample_missing")),
        ("URL", "See", "https://a.example/{{1}}", "https://b.example/7", ("buttons[0].sample", "sample_url")),
        ("URL", "See", "https://a.example/{{1}}", "https://a.example/", ("buttons[0].sample", "sample_url")),
        ("POSTBACK", "See", "", "", ("buttons[0].value", "blank")),
        ("POSTBACK", "See", "a" * 1001, "", ("buttons[0].value", "too_long")),
        ("POSTBACK", "See", "{{1}}_order", "", ("buttons[0].value", "template_payload")),
        ("PHONE_NUMBER", "Call", "0240000000", "", ("buttons[0].value", "phone_number")),
    ],
)
def test_a_button_that_facebook_rejects_is_said_at_its_place(
    kind: str, text: str, value: str, sample: str, expected: tuple[str, str]
) -> None:
    button = DraftButton(kind=ButtonKind(kind), text=text, value=value, sample=sample)
    assert found(buttons=(button,)) == [expected]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("URL", "https://shop.example"),
        ("POSTBACK", "order_{{1}}"),
        ("POSTBACK", "HELP"),
        ("PHONE_NUMBER", "+33612345678"),
    ],
)
def test_a_good_button_is_taken(kind: str, value: str) -> None:
    assert found(buttons=(DraftButton(kind=ButtonKind(kind), text="See", value=value),)) == []
