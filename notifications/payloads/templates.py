"""The frozen JSON text of a message as a template: read once, filled for each customer.

What is no placeholder goes out as it was frozen, byte for byte. Values are escaped for JSON and for nothing else, and
a value is never looked into: braces that it holds are text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final

from notifications.payloads.placeholders import Placeholder, found
from optins.attributes import words_of

# A JSON string; one with a colon behind it is a key.
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
# What stands for one character inside a JSON string: a surrogate pair, another escape, or the character itself.
_PAIR: Final = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_UNIT: Final = re.compile(rf"{_PAIR}|\\u[0-9a-fA-F]{{4}}|\\.|[^\\]", re.DOTALL)
# Templates kept: more than the contents that are being sent at a time.
_KEPT: Final = 128


class Unfilled(Exception):
    """`names` are the placeholders without a default for which there is no value."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(", ".join(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """`body` is JSON text. `personal` has what was put in, by name; None where the default was."""

    body: str
    personal: dict[str, str | None]


@dataclass(frozen=True)
class Template:
    """JSON text and placeholders in turn."""

    pieces: tuple[str | Placeholder, ...]

    @cached_property
    def placeholders(self) -> tuple[Placeholder, ...]:
        return tuple(dict.fromkeys(piece for piece in self.pieces if isinstance(piece, Placeholder)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(placeholder.name for placeholder in self.placeholders))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names without which a customer gets no message."""
        return tuple(dict.fromkeys(each.name for each in self.placeholders if each.default is None))

    def missing(self, values: Mapping[str, object]) -> tuple[str, ...]:
        """The required names for which `values` has no words."""
        return tuple(name for name in self.required if words_of(values.get(name)) is None)

    def fill(self, values: Mapping[str, object]) -> Filled:
        """Raises Unfilled. Whether the message keeps its limits is for `parse_json(..., filled=True)` to say."""
        if missing := self.missing(values):
            raise Unfilled(missing)
        personal = {name: words_of(values.get(name)) for name in self.names}
        words = (piece if isinstance(piece, str) else _words(piece, personal) for piece in self.pieces)
        return Filled(body="".join(words), personal=personal)


def _words(placeholder: Placeholder, personal: Mapping[str, str | None]) -> str:
    value = personal[placeholder.name]
    return _escaped(placeholder.default or "" if value is None else value)


def _escaped(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)[1:-1]


@lru_cache(maxsize=_KEPT)
def compiled(body: str) -> Template:
    """The template of a frozen body, kept for the next time. Keys of objects never hold placeholders."""
    return Template(tuple(_pieces(body)))


def _pieces(body: str) -> Iterator[str | Placeholder]:
    end = 0
    for start, stop, placeholder in _places(body):
        yield body[end:start]
        yield placeholder
        end = stop
    yield body[end:]


def _places(body: str) -> Iterator[tuple[int, int, Placeholder]]:
    """Where in the JSON text each placeholder stands. Its braces may be escaped there, and its default often is."""
    for string in _STRING.finditer(body):
        if string[2] is not None or not _may_hold_one(string[1]):
            continue
        units: list[str] = _UNIT.findall(string[1])
        starts = list(accumulate(map(len, units), initial=string.start(1)))
        text = "".join(json.loads(f'"{unit}"', strict=False) for unit in units)
        for match, placeholder in found(text):
            yield starts[match.start()], starts[match.end()], placeholder


def _may_hold_one(written: str) -> bool:
    return "{{" in written or "\\u007b" in written.lower()
