"""A look at decoded JSON before anything else sees it: is it JSON, and can it be stored and sent?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from notifications.payloads.problems import Problem, problem, under

# The deepest place of a message, the title of a card's button, is at level 7.
DEEPEST: Final = 16
# Beyond this a number is not one of a message, and costs more to handle than it is worth.
MOST_DIGITS: Final = 30
_TOO_LARGE: Final = 10**MOST_DIGITS
# PostgreSQL stores no null character, and half a surrogate pair has no UTF-8.
_BAD_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_NAMED = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_MOST_SHOWN: Final = 40


class Repeating(dict[str, Any]):
    """An object in which `key` stood more than once: all but one of its values are lost."""

    def __init__(self, values: Mapping[str, Any], *, key: str) -> None:
        super().__init__(values)
        self.key = key


def look(value: object, path: str = "", depth: int = 0) -> Iterator[Problem]:
    if depth > DEEPEST:
        yield problem(path, "too_deep", limit=DEEPEST)
    elif isinstance(value, dict):
        yield from _look_into_object(value, path, depth)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from look(item, under(path, index), depth + 1)
    elif code := _what_is_wrong_with(value):
        yield problem(path, code)


def _look_into_object(value: dict[Any, Any], path: str, depth: int) -> Iterator[Problem]:
    if isinstance(value, Repeating):
        yield problem(path, "duplicate_key", key=shown(value.key))
    for key, item in value.items():
        if type(item) is str and type(key) is str and not _BAD_CHARACTER.search(item) and _NAMED.fullmatch(key):
            continue  # as most are; the rest says what is wrong with the others
        if not isinstance(key, str):
            yield problem(path, "no_json_value")
        elif _BAD_CHARACTER.search(key):
            yield problem(path, "bad_character")
        elif _NAMED.fullmatch(key):
            yield from look(item, under(path, key), depth + 1)
        else:
            # No path leads below such a key.
            yield from (replace(found, path=path) for found in look(item, path, depth + 1))


def _what_is_wrong_with(value: object) -> str:
    match value:
        case None:
            return "null"
        case str():
            return "bad_character" if _BAD_CHARACTER.search(value) else ""
        case int() | float() | Decimal():
            return "" if _is_ordinary(value) else "number_out_of_range"
    return "no_json_value"


def _is_ordinary(number: float | Decimal) -> bool:
    """A decimal NaN raises when it is compared, a float's is in no range; abs() would overflow on 1e999999999."""
    if isinstance(number, Decimal) and number.is_nan():
        return False
    return -_TOO_LARGE < number < _TOO_LARGE


def below(path: str, key: str) -> str:
    """The path of a key that somebody else chose: one that a path can't name plainly is left to its parent."""
    return under(path, key) if _NAMED.fullmatch(key) else path


def shown(value: object) -> str:
    """A key or a value as a sentence may show it: short, and nothing that does not print."""
    text = str(value)
    short = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return "".join(letter if letter.isprintable() else "�" for letter in short)
