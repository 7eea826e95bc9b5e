"""What a message says to Facebook of an approved template: its name, and what fills it.

Shapes: Messenger Platform, "Send a utility message", March 2026. Parameters of header and body are matched by name
where the template has names, by their order where it has numbers; those of the buttons stand together in one
component, in the order of the buttons that take one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from notifications.payloads.utility.slots import Component, Slot, Where, keys, slots


class Incomplete(ValueError):
    """`keys` are the parameters of the template that were not given."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.keys = missing
        super().__init__(", ".join(missing))


def components(template: Sequence[Component], parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """Of a template with these components. Raises Incomplete."""
    if missing := tuple(key for key in keys(template) if not parameters.get(key, "").strip()):
        raise Incomplete(missing)
    given: dict[str, list[dict[str, str]]] = {}
    for slot in slots(template):
        kind = slot.where.value if slot.where in (Where.HEADER, Where.BODY) else "buttons"
        given.setdefault(kind, []).append(_parameter(slot, parameters[slot.key]))
    return [{"type": kind, "parameters": found} for kind, found in given.items()]


def message(
    *, name: str, language: str, template: Sequence[Component], parameters: Mapping[str, str]
) -> dict[str, Any]:
    """The `message` of the Send API, without metadata. Raises Incomplete."""
    filled = components(template, parameters)
    return {"template": {"name": name, "language": {"code": language}, "components": filled}}


def _parameter(slot: Slot, text: str) -> dict[str, str]:
    match slot.where:
        case Where.URL:
            return {"type": "URL", "url": text}
        case Where.PAYLOAD:
            return {"type": "POSTBACK", "payload": text}
    named = {} if slot.name.isdigit() else {"parameter_name": slot.name}
    return {"type": "text", **named, "text": text}
