"""Custom data as a shop's inline script declares them: `window.idzCustomData = {…}`. Pure.

Only literals are understood: what a script computes is known to the browser alone, and said to be unread.
"""

import re
from dataclasses import dataclass, field

_DECLARED = re.compile(r"(?:\bwindow\s*\.\s*|\bvar\s+|\blet\s+|\bconst\s+|(?<![\w.$]))idzCustomData\s*=\s*(?!=)")
_SET = re.compile(
    r"(?:\bwindow\s*\.\s*|(?<![\w.$]))idzCustomData\s*(?:\.\s*(?P<name>[\w$]+)|\[\s*(?P<quote>[\"'])(?P<key>.*?)(?P=quote)\s*\])\s*=\s*(?!=)"
)
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None, "undefined": None}
DEEPEST = 20


class Unreadable(ValueError):
    """It is no literal: the browser works it out."""


@dataclass(slots=True)
class Declared:
    """`values` by name; `unread` are the names whose value is no literal, "*" where the whole declaration is none."""

    values: dict[str, object] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def declared(script: str) -> Declared | None:
    """What an inline script declares; None where it does not speak of custom data."""
    found: Declared | None = None
    for match in _DECLARED.finditer(script):
        found = found or Declared()
        try:
            value, _end = _value(script, match.end(), 0, found)
        except (Unreadable, IndexError):
            found.unread.append("*")
            continue
        if isinstance(value, dict):
            found.values |= value
    for match in _SET.finditer(script):
        found = found or Declared()
        name = match["name"] or match["key"]
        try:
            found.values[name] = _value(script, match.end(), 0, None)[0]
        except (Unreadable, IndexError):
            found.unread.append(name)
    return found


def _value(text: str, at: int, depth: int, into: Declared | None) -> tuple[object, int]:
    """The literal that begins at `at`, and where it ends. `into` hears of members of the outermost object alone."""
    at = _skip(text, at)
    if depth > DEEPEST:
        raise Unreadable
    letter = text[at]
    if letter == "{":
        return _members(text, at + 1, depth, into)
    if letter == "[":
        return _items(text, at + 1, depth)
    if letter in "\"'`":
        said, end = _string(text, at)
        return _ended(text, end, said)
    if number := _NUMBER.match(text, at):
        return _ended(text, number.end(), float(int(number[0], 16)) if "x" in number[0].lower() else float(number[0]))
    if (word := _WORD.match(text, at)) and word[0] in _CONSTANTS:
        return _ended(text, word.end(), _CONSTANTS[word[0]])
    raise Unreadable


def _ended(text: str, at: int, value: object) -> tuple[object, int]:
    """A literal counts where nothing is done with it."""
    after = _skip(text, at)
    if after < len(text) and text[after] not in ",;}])\n" and not text[at:after].count("\n"):
        raise Unreadable
    return (int(value) if isinstance(value, float) and value == int(value) else value), at


def _members(text: str, at: int, depth: int, into: Declared | None) -> tuple[object, int]:
    found: dict[str, object] = {}
    while text[at := _skip(text, at)] != "}":
        name, at = _name(text, at)
        at = _skip(text, at)
        if text[at] != ":":
            raise Unreadable
        try:
            found[name], at = _value(text, at + 1, depth + 1, None)
        except Unreadable:
            if into is None:
                raise
            into.unread.append(name)
            at = _past(text, at + 1)
        at = _skip(text, at)
        if text[at] == ",":
            at += 1
        elif text[at] != "}":
            raise Unreadable
    return _ended(text, at + 1, found) if depth == 0 else (found, at + 1)


def _items(text: str, at: int, depth: int) -> tuple[object, int]:
    found: list[object] = []
    while text[at := _skip(text, at)] != "]":
        value, at = _value(text, at, depth + 1, None)
        found.append(value)
        at = _skip(text, at)
        if text[at] == ",":
            at += 1
        elif text[at] != "]":
            raise Unreadable
    return found, at + 1


def _name(text: str, at: int) -> tuple[str, int]:
    if text[at] in "\"'":
        return _string(text, at)
    match = _WORD.match(text, at) or _NUMBER.match(text, at)
    if not match:
        raise Unreadable
    return match[0], match.end()


def _string(text: str, at: int) -> tuple[str, int]:
    quote, letters = text[at], []
    at += 1
    while text[at] != quote:
        if quote == "`" and text.startswith("${", at):
            raise Unreadable
        if text[at] == "\\":
            at += 1
            if text[at] == "u" and re.match(r"[0-9a-fA-F]{4}", text[at + 1 : at + 5]):
                letters.append(chr(int(text[at + 1 : at + 5], 16)))
                at += 5
                continue
            letters.append(_ESCAPES.get(text[at], text[at]))
        else:
            letters.append(text[at])
        at += 1
    return "".join(letters), at + 1


def _past(text: str, at: int) -> int:
    """Behind a value that is no literal: at the comma or brace that ends it."""
    depth = 0
    while at < len(text):
        letter = text[at]
        if letter in "\"'`":
            end = at + 1
            while end < len(text) and text[end] != letter:
                end += 2 if text[end] == "\\" else 1
            at = end
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            if depth == 0:
                return at
            depth -= 1
        elif letter == "," and depth == 0:
            return at
        at += 1
    raise Unreadable


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
