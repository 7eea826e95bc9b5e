"""What Facebook is told of an approved template, to the letter of its documentation."""

import pytest

from notifications.payloads import utility
from tests.notifications.payloads.utility.templates import NAMED, NUMBERED, PLAIN


def test_names_go_with_their_values_and_buttons_stand_together() -> None:
    given = {"prenom": "Claire", "numero": "871", "button_2": "871", "button_3": "871"}
    assert utility.message(name="commande_expediee", language="fr", template=NAMED, parameters=given) == {
        "template": {
            "name": "commande_expediee",
            "language": {"code": "fr"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "parameter_name": "prenom", "text": "Claire"},
                        {"type": "text", "parameter_name": "numero", "text": "871"},
                    ],
                },
                {
                    "type": "buttons",
                    "parameters": [{"type": "URL", "url": "871"}, {"type": "POSTBACK", "payload": "871"}],
                },
            ],
        }
    }


def test_numbers_go_by_their_order_in_each_component() -> None:
    given = {"header_1": "Order", "1": "566701", "2": "May"}
    assert utility.components(NUMBERED, given) == [
        {"type": "header", "parameters": [{"type": "text", "text": "Order"}]},
        {"type": "body", "parameters": [{"type": "text", "text": "566701"}, {"type": "text", "text": "May"}]},
    ]


def test_a_name_in_header_and_body_is_told_in_both() -> None:
    template = [{"type": "HEADER", "text": "Order {{no}}"}, {"type": "BODY", "text": "It is {{no}} that left."}]
    assert [each["type"] for each in utility.components(template, {"no": "7"})] == ["header", "body"]
    assert utility.keys(template) == ("no",)


def test_a_template_without_parameters_is_told_none() -> None:
    assert utility.components(PLAIN, {"more": "than it takes"}) == []


@pytest.mark.parametrize(
    ("given", "lacking"),
    [({}, ("header_1", "1", "2")), ({"header_1": "x", "1": " ", "2": "y"}, ("1",))],
    ids=["nothing given", "a blank"],
)
def test_nothing_is_sent_that_lacks_a_parameter(given: dict[str, str], lacking: tuple[str, ...]) -> None:
    with pytest.raises(utility.Incomplete) as refused:
        utility.components(NUMBERED, given)
    assert refused.value.keys == lacking


def test_a_parameter_knows_the_sample_that_facebook_was_shown() -> None:
    assert [slot.example for slot in utility.slots(NUMBERED)] == ["Order", "566701", "May"]
    assert [slot.example for slot in utility.slots(NAMED)][:2] == ["Claire", "871"]


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [{}],
        [{"type": "BODY", "text": 7, "example": []}],
        [{"type": "BUTTONS", "buttons": "none"}],
        [{"type": None}],
    ],
)
def test_a_template_of_another_shape_takes_no_parameters(broken: list[dict[str, object]]) -> None:
    assert utility.keys(broken) == ()
    assert utility.shown(broken, {}).body == ""


def test_a_template_is_shown_filled_as_far_as_it_goes() -> None:
    seen = utility.shown(NAMED, {"prenom": r"Cl\1aire", "button_2": "9"})
    assert seen.body == r"Bonjour Cl\1aire, la commande {{numero}} vient de partir."
    assert [(button.title, button.url) for button in seen.buttons] == [
        ("Nous appeler", ""),
        ("Suivre mon colis", "https://shop.example/suivi/9"),
        ("Parler à un agent", ""),
    ]
