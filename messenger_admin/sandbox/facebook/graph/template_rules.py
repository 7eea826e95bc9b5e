"""What Facebook demands of a utility template, and what it rejects one for. Pure.

Messenger Platform, "Utility messages" (March 2026). What isn't a template is refused when it is sent in (`check`);
what it says is looked at a moment later (`rejection`).
"""

import re
from collections.abc import Mapping
from typing import Any

from messenger_admin.sandbox.facebook.graph import errors

NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?\Z")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAMED = re.compile(r"[a-z][a-z0-9_]*\Z")
HEADER, BODY, BUTTONS, LABEL = 60, 1_024, 3, 20
BUTTON_TYPES = frozenset({"POSTBACK", "URL", "PHONE_NUMBER"})
# Fewer words than this for each placeholder say too little.
WORDS_PER_PARAMETER = 3
_PROMOTION = re.compile(
    r"\b(promo\w*|soldes?|remises?|réductions?|discounts?|sale|offers?|deals?)\b|%\s*off|-\s?\d+\s?%", re.I
)
_IDENTIFIERS = re.compile(r"\b(password|mot de passe|card number|numéro de carte|iban|cvv)\b", re.I)


def check(body: Mapping[str, Any]) -> None:
    """Raises Refusal for what is no template."""
    components = body.get("components")
    if not isinstance(components, list) or not all(isinstance(one, Mapping) for one in components):
        raise errors.parameter("Param components must be an array of objects")
    kinds = [str(one.get("type") or "").upper() for one in components]
    if kinds.count("BODY") != 1 or len(set(kinds)) != len(kinds) or not {"HEADER", "BODY", "BUTTONS"} >= set(kinds):
        raise errors.parameter("Param components must have one BODY, and at most one HEADER and one BUTTONS")
    named = str(body.get("parameter_format") or "POSITIONAL").upper() == "NAMED"
    for kind, one in zip(kinds, components, strict=True):
        if kind == "BUTTONS":
            _check_buttons(one.get("buttons"))
        elif kind == "BODY" or str(one.get("format") or "TEXT").upper() == "TEXT":
            _check_text(one, kind, HEADER if kind == "HEADER" else BODY, named=named)


def rejection(body: Mapping[str, Any]) -> str:
    """Why a sound template is rejected; empty where it is approved."""
    text = text_of(body, "BODY")
    names = PLACEHOLDER.findall(text)
    named = str(body.get("parameter_format") or "POSITIONAL").upper() == "NAMED"
    if _incorrect(text, names, named=named):
        return "INCORRECT_PARAMS"
    words = PLACEHOLDER.sub(" ", text).split()
    if names and len(words) < WORDS_PER_PARAMETER * len(names):
        return "PARAMS_TO_WORD_RATIO_EXCEED_LIMIT"
    whole = f"{text_of(body, 'HEADER')} {text}"
    if _PROMOTION.search(whole):
        return "TAG_SHOULD_BE_MARKETING"
    return "SENSITIVE_IDENTIFIERS" if _IDENTIFIERS.search(whole) else ""


def text_of(body: Mapping[str, Any], kind: str) -> str:
    """What a component says; empty where there is none."""
    components: list[Mapping[str, Any]] = body.get("components") or []
    return "".join(str(one.get("text") or "") for one in components if str(one.get("type") or "").upper() == kind)


def _incorrect(text: str, names: list[str], *, named: bool) -> bool:
    """Braces that are no placeholder, formats mixed, numbers that don't count from one, a placeholder at an edge."""
    stray = re.search(r"[{}]", PLACEHOLDER.sub("", text))
    numbered = [name for name in names if name.isdecimal()]
    wrong = any(not (_NAMED.match(name) if named else name.isdecimal()) for name in names)
    # In the order of the numbers, since the text may name them in any.
    gaps = sorted({int(name) for name in numbered}) != list(range(1, len(set(numbered)) + 1))
    stripped = text.strip(" .,;:!?\n\u202f\u00a0")
    edge = stripped.startswith("{{") or stripped.endswith("}}")
    return bool(stray or wrong or gaps or edge)


def _check_text(component: Mapping[str, Any], kind: str, most: int, *, named: bool) -> None:
    text = component.get("text")
    if not isinstance(text, str) or not 0 < len(text) <= most:
        raise errors.parameter(f"The text of {kind} must have between 1 and {most} characters")
    names = set(PLACEHOLDER.findall(text))
    example = component.get("example")
    if names and names - _samples(example if isinstance(example, Mapping) else {}, kind, named=named):
        raise errors.parameter(
            f"{kind} has placeholders without sample values",
            title="Sample values are missing",
            said="Give a sample value for every placeholder of the template.",
        )


def _samples(example: Mapping[str, Any], kind: str, *, named: bool) -> set[str]:
    """The placeholders that have a sample value."""
    given = example.get(f"{kind.lower()}_text_named_params" if named else f"{kind.lower()}_text") or []
    if not isinstance(given, list):
        return set()
    if named:
        return {str(one.get("param_name")) for one in given if isinstance(one, Mapping) and one.get("example")}
    values = given[0] if given and isinstance(given[0], list) else given
    return {str(place) for place, value in enumerate(values, 1) if value}


def _check_buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 0 < len(buttons) <= BUTTONS:
        raise errors.parameter(f"BUTTONS must have between 1 and {BUTTONS} buttons")
    for one in buttons:
        kind = str(one.get("type") or "").upper() if isinstance(one, Mapping) else ""
        if kind not in BUTTON_TYPES:
            raise errors.parameter(f"Buttons of type {kind or 'NONE'} are not supported here", subcode=2018416)
        if not 0 < len(str(one.get("text") or "")) <= LABEL:
            raise errors.parameter(f"The text of a button must have between 1 and {LABEL} characters")
        _check_target(one, kind)


def _check_target(button: Mapping[str, Any], kind: str) -> None:
    if kind == "PHONE_NUMBER" and not str(button.get("phone_number") or "").startswith("+"):
        raise errors.parameter("A button of type PHONE_NUMBER must have a phone_number with its country code")
    url = str(button.get("url") or "")
    if kind == "URL" and not url.startswith(("https://", "http://")):
        raise errors.parameter("A button of type URL must have an url")
    if kind == "URL" and PLACEHOLDER.search(url) and not button.get("example"):
        raise errors.parameter("The url of a button has a placeholder without a sample value")
