"""`message.template`: an approved template of the page, with a value for each of its placeholders. Pure.

Messenger Platform, "Utility messages" (March 2026). The object stands under `message.template`; one under
`attachment` has an invalid template type.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from messenger_admin.sandbox.messenger.checks import shapes
from messenger_admin.sandbox.messenger.refusals import refused

MAX_NAME = 512
MAX_VALUE = 1_024
APPROVED = "APPROVED"
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def check(template: Mapping[str, Any]) -> None:
    shapes.text(template, "name", most=MAX_NAME, where="template.")
    shapes.text(shapes.mapping(template.get("language"), "template.language"), "code", most=16, where="language.")
    for component in shapes.items(template.get("components", []), "template.components", most=10):
        shapes.text(component, "type", most=16, where="components.")
        shapes.items(component.get("parameters", []), "components.parameters", most=100)


def named(template: Mapping[str, Any]) -> tuple[str, str]:
    """Its name and language."""
    return template["name"], template["language"]["code"]


def check_against(template: Mapping[str, Any], *, status: str, components: object) -> None:
    """What was sent against the template as the page has it: approved, and each placeholder filled."""
    name, _language = named(template)
    if status != APPROVED:
        raise refused(100, 0, f"The template {name} is not approved: {status}")
    sent = {str(one.get("type")).lower(): one.get("parameters", []) for one in template.get("components", [])}
    for component in components if isinstance(components, list) else []:
        kind = str(component.get("type")).lower()
        expected = len(_asked(kind, component))
        given = [one for one in sent.get(kind, []) if _filled(kind, one)]
        if len(given) != expected:
            raise refused(
                100, 0, f"Number of parameters does not match: {kind} of {name} has {expected}, got {len(given)}"
            )
        _check_names(kind, _asked(kind, component), given)


def rendered(components: object, template: Mapping[str, Any]) -> dict[str, Any]:
    """What the person sees: header, body and buttons with their values."""
    sent = {str(one.get("type")).lower(): one.get("parameters", []) for one in template.get("components", [])}
    shown: dict[str, Any] = {}
    for component in components if isinstance(components, list) else []:
        kind = str(component.get("type")).lower()
        if kind == "buttons":
            shown["buttons"] = _buttons(component, sent.get(kind, []))
        else:
            shown[kind] = _fill(str(component.get("text") or ""), _values(component, sent.get(kind, [])))
        if str(component.get("format")).upper() == "IMAGE":
            shown["has_image"] = True
    return shown


def placeholders(text: object) -> list[str]:
    """In their order, each once."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(str(text or ""))))


def _asked(kind: str, component: Mapping[str, Any]) -> list[str]:
    if kind != "buttons":
        return placeholders(component.get("text"))
    return [name for one in component.get("buttons", []) for name in placeholders(one.get("url"))]


def _filled(kind: str, parameter: Mapping[str, Any]) -> bool:
    value = parameter.get("url") or parameter.get("text") if kind == "buttons" else parameter.get("text")
    return isinstance(value, str) and 0 < len(value) <= MAX_VALUE


def _check_names(kind: str, asked: Iterable[str], given: Iterable[Mapping[str, Any]]) -> None:
    """Named placeholders want their names back; numbered ones go by their order."""
    wanted = {name for name in asked if not name.isdecimal()}
    if kind != "buttons" and wanted and wanted != {one.get("parameter_name") for one in given}:
        raise refused(100, 0, f"Parameter names do not match: {', '.join(sorted(wanted))}")


def _values(component: Mapping[str, Any], parameters: list[Mapping[str, Any]]) -> dict[str, str]:
    asked = placeholders(component.get("text"))
    by_place = {name: str(one.get("text") or "") for name, one in zip(asked, parameters, strict=False)}
    by_name = {str(one["parameter_name"]): str(one.get("text") or "") for one in parameters if "parameter_name" in one}
    return by_place | by_name


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _buttons(component: Mapping[str, Any], parameters: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    values = iter(parameters)
    shown = []
    for button in component.get("buttons", []):
        url = str(button.get("url") or "")
        for name in placeholders(url):
            given: Mapping[str, Any] = next(values, {})
            url = _fill(url, {name: str(given.get("url") or given.get("text") or "")})
        shown.append({**button, **({"url": url} if url else {})})
    return shown
