"""The kind carousel, Facebook's generic template: cards beside each other, with up to three buttons each."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, ValidationInfo, model_validator

from notifications.payloads import limits
from notifications.payloads.buttons import Button, DefaultAction
from notifications.payloads.lists import counted, listed
from notifications.payloads.parts import Part, Prose, Words, as_shown, at_most, sized
from notifications.payloads.problems import Problem, Refusal, problem, under
from notifications.payloads.urls import WebUrl, http_warning

KIND: Final = "carousel"

Buttons = Annotated[tuple[Button, ...], listed(limits.CARD_BUTTONS), counted(limits.CARD_BUTTONS)]

# Facebook refuses a card that has none of them.
_BESIDE_THE_TITLE: Final = ("subtitle", "image_url", "default_action", "buttons")


class Card(Part):
    """One card. Beside its title it has at least one of the others."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in _BESIDE_THE_TITLE]})

    title: Annotated[Words, at_most(limits.CARD_TITLE), sized(limits.CARD_TITLE)]
    subtitle: Annotated[Prose, at_most(limits.CARD_SUBTITLE), sized(limits.CARD_SUBTITLE)] | None = None
    image_url: WebUrl | None = None
    default_action: DefaultAction | None = None
    buttons: Buttons | None = None

    @model_validator(mode="after")
    def _has_more_than_a_title(self, info: ValidationInfo) -> Self:
        has_subtitle = self.subtitle is not None and as_shown(self.subtitle, info).strip()
        if not (has_subtitle or self.image_url or self.default_action or self.buttons):
            raise Refusal("card_with_title_only")
        return self


class CarouselPayload(Part):
    """`sharable` lets the person forward it; `image_aspect_ratio` is old, and accepted with a warning."""

    template_type: Literal["generic"]
    elements: Annotated[tuple[Card, ...], listed(limits.CARDS), counted(limits.CARDS)]
    sharable: bool | None = None
    image_aspect_ratio: Literal["horizontal", "square"] | None = None


def warnings_of(payload: CarouselPayload, path: str) -> Iterator[Problem]:
    if payload.image_aspect_ratio is not None:
        yield problem(under(path, "image_aspect_ratio"), "image_aspect_ratio")
    cards = under(path, "elements")
    for index, card in enumerate(payload.elements):
        yield from http_warning(card.image_url, under(under(cards, index), "image_url"))
    yield from _missing_images(payload, cards)


def _missing_images(payload: CarouselPayload, path: str) -> Iterator[Problem]:
    without = [index for index, card in enumerate(payload.elements) if card.image_url is None]
    if len(without) == len(payload.elements):
        yield problem(path, "no_image")
        return
    for index in without:
        yield problem(under(under(path, index), "image_url"), "some_without_image")
