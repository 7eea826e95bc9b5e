"""A template that is being written: what Facebook would reject, and what it is told where nothing is.

Rules: Messenger Platform, "Send a utility message", March 2026, and its reasons for rejection. A rejected template
keeps its name until it is deleted, and an approved one can't be changed: so all that can be known is said before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from notifications.payloads import limits
from notifications.payloads.problems import Problem, problem, under
from notifications.payloads.utility import texts
from notifications.payloads.utility.buttons import problems_of_button
from notifications.payloads.utility.choice import LANGUAGE, NAME
from notifications.payloads.utility.slots import Where


class ButtonKind(StrEnum):
    URL = "URL"
    POSTBACK = "POSTBACK"
    PHONE_NUMBER = "PHONE_NUMBER"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftButton:
    """`value` is the address, the payload or the number; `sample` the whole address with its ending filled."""

    kind: ButtonKind
    text: str
    value: str
    sample: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`samples` are what Facebook's reviewers see, by the keys of header and body."""

    name: str
    language: str
    body: str
    header: str = ""
    samples: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[DraftButton, ...] = ()


def problems_of(draft: Draft) -> tuple[Problem, ...]:
    """Everything that is wrong; the paths name the fields of Draft, `buttons[0].value` and `samples.prenom`."""
    return tuple(_problems(draft))


def _problems(draft: Draft) -> Iterator[Problem]:
    if not NAME.fullmatch(draft.name):
        yield problem("name", "template_name")
    if not LANGUAGE.fullmatch(draft.language):
        yield problem("language", "template_language")
    if draft.header:
        yield from texts.problems_of_header(draft.header, "header")
    yield from texts.problems_of_body(draft.body, "body")
    yield from texts.mixed(draft.header, draft.body, "body")
    yield from _samples(draft)
    if len(draft.buttons) > limits.TEMPLATE_BUTTONS.most:
        most = limits.TEMPLATE_BUTTONS.most
        yield problem("buttons", "too_many", limit=most, length=len(draft.buttons))
    for index, button in enumerate(draft.buttons):
        yield from problems_of_button(button.kind, button.text, button.value, button.sample, under("buttons", index))


def _samples(draft: Draft) -> Iterator[Problem]:
    for key in texts.keys_of(draft.header, draft.body):
        if not draft.samples.get(key, "").strip():
            yield problem(under("samples", key), "sample_missing", key=key)


def creation(draft: Draft) -> dict[str, Any]:
    """What a page's `message_templates` is posted, of a draft without problems."""
    named = texts.is_named(draft.header, draft.body)
    header = {**_text("HEADER", draft.header, Where.HEADER, draft.samples), "format": "TEXT"} if draft.header else None
    body = _text("BODY", draft.body, Where.BODY, draft.samples)
    buttons = {"type": "BUTTONS", "buttons": [_button(each) for each in draft.buttons]} if draft.buttons else None
    return {
        "name": draft.name,
        "language": draft.language,
        "category": "UTILITY",
        **({"parameter_format": "NAMED"} if named else {}),
        "components": [each for each in (header, body, buttons) if each],
    }


def _text(kind: str, text: str, where: Where, samples: Mapping[str, str]) -> dict[str, Any]:
    found = texts.slots_in(text, where)
    if not found:
        return {"type": kind, "text": text}
    if any(not slot.name.isdigit() for slot in found):
        named = [{"param_name": slot.name, "example": samples.get(slot.key, "")} for slot in found]
        return {"type": kind, "text": text, "example": {f"{where.value}_text_named_params": named}}
    given = [samples.get(slot.key, "") for slot in found]
    return {"type": kind, "text": text, "example": {f"{where.value}_text": [given] if kind == "BODY" else given}}


def _button(button: DraftButton) -> dict[str, Any]:
    key = {ButtonKind.URL: "url", ButtonKind.POSTBACK: "payload", ButtonKind.PHONE_NUMBER: "phone_number"}[button.kind]
    # A payload's ending takes no sample: Facebook refuses a button that has one.
    sample = {"example": {"url_suffix_example": button.sample}} if button.sample and "{{" in button.value else {}
    return {"type": button.kind.value, "text": button.text, key: button.value, **sample}
