"""Where a template takes parameters, in the order in which it shows them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

# As Facebook writes them: `{{1}}` or `{{order_id}}`.
PLACEHOLDER: Final = re.compile(r"\{\{\s*(\w+)\s*\}\}", re.ASCII)

Component = Mapping[str, Any]


class Where(StrEnum):
    HEADER = "header"
    BODY = "body"
    URL = "url"  # what an address ends with
    PAYLOAD = "payload"  # what a tapped button sends back


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """`name` is the placeholder's own; `key` is unlike that of every other place of the template.

    `example` is the sample that Facebook was shown, where it tells.
    """

    key: str
    name: str
    where: Where
    example: str = ""


def slots(components: Sequence[Component]) -> tuple[Slot, ...]:
    """Each parameter once in each component: header and body may share a name, and both are told its value."""
    found: dict[tuple[str, Where], Slot] = {}
    for slot in _slots(components):
        found.setdefault((slot.key, slot.where), slot)
    return tuple(found.values())


def keys(components: Sequence[Component]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot.key for slot in slots(components)))


def part(components: Sequence[Component], kind: str) -> Component:
    """The component of that type, or an empty one."""
    return next((each for each in components if str(each.get("type", "")).upper() == kind), {})


def text_of(component: Component) -> str:
    text = component.get("text")
    return text if isinstance(text, str) else ""


def buttons(components: Sequence[Component]) -> list[Component]:
    found = part(components, "BUTTONS").get("buttons")
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def of_button(button: Component, number: int) -> Slot | None:
    """What of the button, counted from 1, is filled when the template is sent: one thing at most."""
    kind = str(button.get("type", "")).upper()
    where, text = {
        "URL": (Where.URL, button.get("url")),
        "POSTBACK": (Where.PAYLOAD, button.get("payload")),
    }.get(kind, (Where.URL, None))
    found = PLACEHOLDER.search(text) if isinstance(text, str) else None
    return Slot(key=f"button_{number}", name=found[1], where=where) if found else None


def of_text(component: Component, where: Where) -> Iterator[Slot]:
    for match in PLACEHOLDER.finditer(text_of(component)):
        name = match[1]
        key = f"header_{name}" if where is Where.HEADER and name.isdigit() else name
        yield Slot(key=key, name=name, where=where, example=_example(component, where, name))


def _slots(components: Sequence[Component]) -> Iterator[Slot]:
    yield from of_text(part(components, "HEADER"), Where.HEADER)
    yield from of_text(part(components, "BODY"), Where.BODY)
    for number, button in enumerate(buttons(components), start=1):
        if slot := of_button(button, number):
            yield slot


def _example(component: Component, where: Where, name: str) -> str:
    """Facebook keeps samples by name, or in the order of the numbers; a body's in a list of lists."""
    samples = component.get("example")
    if not isinstance(samples, Mapping):
        return ""
    for named in samples.get(f"{where.value}_text_named_params") or ():
        if isinstance(named, Mapping) and named.get("param_name") == name:
            return str(named.get("example", ""))
    listed = samples.get(f"{where.value}_text")
    if isinstance(listed, list) and listed and isinstance(listed[0], list):
        listed = listed[0]
    if isinstance(listed, list) and name.isdigit() and 0 < int(name) <= len(listed):
        return str(listed[int(name) - 1])
    return ""
