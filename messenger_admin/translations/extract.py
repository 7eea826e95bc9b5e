"""Finds every sentence a person may see: in Python, in templates, ours and unfold's. Needs no gettext tools."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_from_file
from django.utils.translation.template import templatize

PYTHON_CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = frozenset({".html", ".txt", ".svg"})
SKIPPED = frozenset({"migrations", "static", "__pycache__"})

# What templatize makes of a template's tags: calls whose arguments are literals, among blanked-out text.
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*(?:,\s*count\s*)?\)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A sentence, its plural where it has one, the context that tells it from its like, and its file."""

    location: str
    sentence: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.sentence


def sentences(root: Path, *, name: str) -> Iterator[Found]:
    """All sentences below the folder `root`, whose files are told as `name/...`."""
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if SKIPPED.isdisjoint(inside.parts) and path.is_file():
            location = f"{name}/{inside.as_posix()}"
            if path.suffix == ".py":
                yield from in_python(path, location)
            elif path.suffix in TEMPLATES:
                yield from in_template(path.read_text(encoding="utf-8"), location)


def in_python(path: Path, location: str) -> Iterator[Found]:
    for _line, message, _comments, context in extract_from_file("python", path, keywords=PYTHON_CALLS):
        sentence, plural = message if isinstance(message, tuple) else (message, "")
        yield Found(location, sentence, plural, context or "")


def in_template(source: str, location: str) -> Iterator[Found]:
    for call, literals in _CALL.findall(templatize(source)):
        words: tuple[str, ...] = ast.literal_eval(f"({literals},)")
        context, *rest = words if "pgettext" in call else ("", *words)
        yield Found(location, rest[0], rest[1] if len(rest) > 1 else "", context)
