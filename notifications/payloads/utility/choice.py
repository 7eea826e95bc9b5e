"""Which template goes out once the window is closed, and with what: beside a message, composed with it.

`{"name": "commande_expediee", "language": "fr", "parameters": {"prenom": "{{ first_name|client }}", "numero": "871"}}`.
The texts may hold placeholders of ours until they are filled. Which parameters it takes is the template's affair:
`misfits` compares.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from notifications.payloads import limits
from notifications.payloads.json_text import decode
from notifications.payloads.json_values import below, look, shown
from notifications.payloads.placeholders import nearly
from notifications.payloads.placeholders import shown as as_shown
from notifications.payloads.problems import PayloadError, Problem, problem, under
from notifications.payloads.utility.slots import Component, keys

NAME: Final = re.compile(rf"[a-z0-9_]{{1,{limits.TEMPLATE_NAME.most}}}", re.ASCII)
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?", re.ASCII)
_KEYS: Final = ("name", "language", "parameters")
_MOST_PROBLEMS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One that exists is well formed."""

    name: str
    language: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "language": self.language, "parameters": dict(self.parameters)}

    def as_json(self) -> str:
        return json.dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))


def parse_choice(raw: object, *, path: str = "", filled: bool = False) -> Choice:
    """`raw` is decoded JSON and stands at `path`; `filled`: braces in it are text. Raises PayloadError and no other."""
    problems = list(islice(look(raw, path), _MOST_PROBLEMS)) or list(
        islice(_problems(raw, path, filled=filled), _MOST_PROBLEMS)
    )
    if problems or not isinstance(raw, Mapping):
        raise PayloadError(problems)
    return Choice(name=raw["name"], language=raw["language"], parameters=dict(raw.get("parameters", {})))


def parse_choice_json(raw: str, *, filled: bool = False) -> Choice:
    """Raises PayloadError and nothing else."""
    return parse_choice(decode(raw), filled=filled)


def misfits(choice: Choice, template: Sequence[Component], *, path: str = "") -> tuple[Problem, ...]:
    """What keeps the choice from filling a template with these components."""
    wanted, at = keys(template), under(path, "parameters")
    lacking = [problem(at, "missing", key=key) for key in wanted if key not in choice.parameters]
    unknown = [key for key in choice.parameters if key not in wanted]
    return (*lacking, *(_unknown(key, at, wanted) for key in unknown))


def _unknown(key: str, path: str, wanted: Sequence[str]) -> Problem:
    if not wanted:
        return problem(below(path, key), "no_parameters", key=shown(key))
    return problem(below(path, key), "unknown_key", key=shown(key), keys=", ".join(wanted))


def _problems(raw: object, path: str, *, filled: bool) -> Iterator[Problem]:
    if not isinstance(raw, Mapping):
        yield problem(path, "not_object")
        return
    for key in raw:
        if key not in _KEYS:
            yield problem(below(path, key), "unknown_key", key=shown(key), keys=", ".join(_KEYS))
    yield from _matching(raw, "name", NAME, "template_name", path)
    yield from _matching(raw, "language", LANGUAGE, "template_language", path)
    yield from _parameters(raw.get("parameters", {}), under(path, "parameters"), filled=filled)


def _matching(raw: Mapping[str, Any], key: str, pattern: re.Pattern[str], code: str, path: str) -> Iterator[Problem]:
    if key not in raw:
        yield problem(under(path, key), "missing", key=key)
    elif not isinstance(raw[key], str):
        yield problem(under(path, key), "not_text")
    elif not pattern.fullmatch(raw[key]):
        yield problem(under(path, key), code)


def _parameters(given: object, path: str, *, filled: bool) -> Iterator[Problem]:
    if not isinstance(given, Mapping):
        yield problem(path, "not_object")
        return
    if len(given) > limits.TEMPLATE_PARAMETERS.most:
        yield problem(path, "too_many", limit=limits.TEMPLATE_PARAMETERS.most, length=len(given))
        return
    for key, text in given.items():
        yield from _parameter(text, below(path, key), filled=filled)


def _parameter(text: object, path: str, *, filled: bool) -> Iterator[Problem]:
    if not isinstance(text, str):
        yield problem(path, "not_text")
        return
    if not filled and (near := nearly(text)):
        yield problem(path, "placeholder", near=near)
        return
    words = text if filled else as_shown(text)
    if not words.strip():
        yield problem(path, "blank")
    elif len(words) > limits.TEMPLATE_PARAMETER.most:
        yield problem(path, "too_long", limit=limits.TEMPLATE_PARAMETER.most, length=len(words))
