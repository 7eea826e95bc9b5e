"""The generic template: cards, their limits, and what people may regret."""

import pytest

from notifications.payloads import parse
from tests.notifications.payloads.findings import CARD, card, carousel, found, warned, web_url

CARDS = "attachment.payload.elements"


@pytest.mark.parametrize("count", [1, 10])
def test_one_to_ten_cards_are_accepted(count: int) -> None:
    assert parse(carousel(*[CARD] * count)).kind == "carousel"


@pytest.mark.parametrize(
    ("cards", "problem"),
    [
        ([], (CARDS, "too_few")),
        ([CARD] * 11, (CARDS, "too_many")),
        ([{}] * 11, (CARDS, "too_many")),
        ([card(title="x" * 81)], (f"{CARDS}[0].title", "too_long")),
        ([CARD, card(title=" ")], (f"{CARDS}[1].title", "blank")),
        ([{"subtitle": "x"}], (f"{CARDS}[0].title", "missing")),
        ([card(subtitle="x" * 81)], (f"{CARDS}[0].subtitle", "too_long")),
        ([{"title": "x"}], (f"{CARDS}[0]", "card_with_title_only")),
        ([{"title": "x", "subtitle": ""}], (f"{CARDS}[0]", "card_with_title_only")),
        ([card(buttons=[])], (f"{CARDS}[0].buttons", "too_few")),
        ([card(buttons=[web_url()] * 4)], (f"{CARDS}[0].buttons", "too_many")),
        ([card(buttons={})], (f"{CARDS}[0].buttons", "not_list")),
        (["x"], (f"{CARDS}[0]", "not_object")),
        ([card(title=1)], (f"{CARDS}[0].title", "not_text")),
    ],
)
def test_what_facebook_refuses_is_named_by_its_path(cards: list[object], problem: tuple[str, str]) -> None:
    assert found(carousel(*cards)) == [problem]


@pytest.mark.parametrize(
    "beside",
    [
        {"subtitle": "Wool"},
        {"image_url": "https://shop.example/1.png"},
        {"default_action": {"type": "web_url", "url": "https://shop.example/"}},
        {"buttons": [web_url()]},
    ],
)
def test_one_thing_beside_the_title_is_enough(beside: dict[str, object]) -> None:
    body = carousel({"title": "Scarf", **beside})
    assert parse(body).as_dict() == body


def test_titles_and_subtitles_of_80_characters_are_accepted() -> None:
    body = carousel(card(title="é" * 80, subtitle="🧣" * 80))
    assert parse(body).as_dict() == body


def test_every_problem_is_told_at_once() -> None:
    cards = [card(title=""), CARD, card(buttons=[web_url(title="x" * 21, url="x")])]
    assert found(carousel(*cards)) == [
        (f"{CARDS}[0].title", "blank"),
        (f"{CARDS}[2].buttons[0].url", "url_scheme"),
        (f"{CARDS}[2].buttons[0].title", "too_long"),
    ]


@pytest.mark.parametrize("sharable", [True, False])
def test_sharable_is_passed_on(*, sharable: bool) -> None:
    assert parse(carousel(CARD, sharable=sharable)).as_dict() == carousel(CARD, sharable=sharable)


def test_sharable_is_true_or_false() -> None:
    assert found(carousel(CARD, sharable="true")) == [("attachment.payload.sharable", "not_true_or_false")]


def test_the_old_aspect_ratio_is_accepted_with_a_warning() -> None:
    assert warned(carousel(CARD, image_aspect_ratio="square")) == [
        ("attachment.payload.image_aspect_ratio", "image_aspect_ratio")
    ]


def test_another_aspect_ratio_is_refused() -> None:
    assert found(carousel(CARD, image_aspect_ratio="tall")) == [
        ("attachment.payload.image_aspect_ratio", "unknown_choice")
    ]


def test_a_card_without_image_among_others_is_a_warning() -> None:
    plain = {"title": "Scarf", "subtitle": "Wool"}
    assert warned(carousel(CARD, plain, CARD)) == [(f"{CARDS}[1].image_url", "some_without_image")]


def test_cards_without_any_image_are_one_warning() -> None:
    plain = {"title": "Scarf", "subtitle": "Wool"}
    assert warned(carousel(plain, plain)) == [(CARDS, "no_image")]


def test_an_image_over_http_is_a_warning() -> None:
    assert warned(carousel(card(image_url="http://shop.example/1.png"))) == [(f"{CARDS}[0].image_url", "http")]
