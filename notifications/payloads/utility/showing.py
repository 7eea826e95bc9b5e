"""A template as a person sees it, filled as far as its parameters go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notifications.payloads.utility.slots import (
    PLACEHOLDER,
    Component,
    Where,
    buttons,
    of_button,
    part,
    text_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownButton:
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`has_image`: the header is a picture, which Facebook keeps. What was not given stands as its placeholder."""

    header: str
    body: str
    has_image: bool
    buttons: tuple[ShownButton, ...]


def shown(components: Sequence[Component], parameters: Mapping[str, str]) -> Shown:
    header = part(components, "HEADER")
    return Shown(
        header=_filled(text_of(header), parameters, Where.HEADER),
        body=_filled(text_of(part(components, "BODY")), parameters, Where.BODY),
        has_image=str(header.get("format", "")).upper() == "IMAGE",
        buttons=tuple(_button(each, number, parameters) for number, each in enumerate(buttons(components), start=1)),
    )


def _filled(text: str, parameters: Mapping[str, str], where: Where) -> str:
    def words(match: Any) -> str:
        name: str = match[1]
        key = f"header_{name}" if where is Where.HEADER and name.isdigit() else name
        return parameters.get(key) or str(match[0])

    return PLACEHOLDER.sub(words, text)


def _button(button: Component, number: int, parameters: Mapping[str, str]) -> ShownButton:
    slot, url = of_button(button, number), str(button.get("url") or "")
    if slot and slot.where is Where.URL:
        # The words are nobody's pattern: a function keeps their backslashes.
        url = PLACEHOLDER.sub(lambda _match: parameters.get(slot.key, ""), url)
    if str(button.get("type", "")).upper() == "PHONE_NUMBER":
        url = ""
    return ShownButton(title=text_of(button), url=url)
