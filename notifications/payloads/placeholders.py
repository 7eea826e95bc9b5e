"""Placeholders in a text: `{{ first_name }}`, or `{{ first_name|words if it is missing }}`.

There is no logic in them: no condition, no filter, no escape. Single braces are text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from optins.attributes import NAME

# The blanks around name and default are free; `{{{` begins nothing.
TOKEN: Final = re.compile(rf"(?<!{{){{{{\s*(?P<name>{NAME})\s*(?:\|(?P<default>[^{{}}]*))?}}}}")
# What somebody wrote who meant a placeholder: two braces, a brace with a percent sign, or a name with one brace short.
_NEARLY: Final = re.compile(r"\{\{[^{}]{0,40}\}{0,2}|\{%[^%{}]{0,40}(?:%\})?|\{\s*[A-Za-z]\w*\s*(?:\|[^{}]{0,40})?\}\}")
# How an address has to begin: what a customer's data holds must not lead to another website.
_FIXED_BEGINNING: Final = re.compile(r"https?://[^/?#{}]+[/?#]", re.IGNORECASE)
# The same for the JSON Schema, whose regular expressions search.
IN_A_SCHEMA: Final = r"\{\{[^{}]+\}\}"
# Stands for a value that nobody knows while the message is composed.
_ANYTHING: Final = "x"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`default` is what stands there for a customer without the value; None if such a customer gets no message."""

    name: str
    default: str | None

    @property
    def written(self) -> str:
        return f"{{{{ {self.name} }}}}" if self.default is None else f"{{{{ {self.name}|{self.default} }}}}"


def found(text: str) -> Iterator[tuple[re.Match[str], Placeholder]]:
    """The placeholders of `text` and where they stand, in their order."""
    for match in TOKEN.finditer(text):
        default = match["default"]
        yield match, Placeholder(match["name"], None if default is None else default.strip())


def shown(text: str) -> str:
    """`text` as it would show to a customer of whom nothing is known: what limits are measured on."""
    if "{{" not in text:
        return text
    parts, end = [], 0
    for match, placeholder in found(text):
        parts += [text[end : match.start()], _ANYTHING if placeholder.default is None else placeholder.default]
        end = match.end()
    return "".join([*parts, text[end:]])


def nearly(text: str) -> str:
    """What in `text` looks like a placeholder and is none; empty if there is nothing of the kind."""
    match = _NEARLY.search(TOKEN.sub(" ", text)) if "{" in text else None
    return match.group() if match else ""


def begins_anywhere(url: str) -> bool:
    """Whether a placeholder of the address could change the website that it leads to."""
    first = url.find("{{")
    fixed = _FIXED_BEGINNING.match(url)
    return first >= 0 and (fixed is None or fixed.end() > first)
