"""Finds every sentence a person may see: in Python, in templates, ours and unfold's. Needs no gettext tools."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# Where each call has its sentence, its plural and its context.
SENTENCE, PLURAL, CONTEXT = ("sentence",), ("sentence", "plural"), ("context", "sentence")
PYTHON_CALLS = {
    "_": SENTENCE,
    "gettext": SENTENCE,
    "gettext_lazy": SENTENCE,
    "gettext_noop": SENTENCE,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": ("context", *PLURAL),
    "npgettext_lazy": ("context", *PLURAL),
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
                yield from in_python(path.read_text(encoding="utf-8"), location)
            elif path.suffix in TEMPLATES:
                yield from in_template(path.read_text(encoding="utf-8"), location)


def in_python(source: str, location: str) -> Iterator[Found]:
    """By the syntax tree: a call inside an f-string counts as well."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PYTHON_CALLS:
            names = PYTHON_CALLS[node.func.id]
            words = [_literal(argument) for argument in node.args[: len(names)]]
            if len(words) == len(names) and all(words):
                yield Found(location, **dict(zip(names, words, strict=True)))


def _literal(node: ast.expr) -> str:
    """A text that is written out; nothing for anything else, which no catalogue could hold."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def in_template(source: str, location: str) -> Iterator[Found]:
    for call, literals in _CALL.findall(templatize(source)):
        words: tuple[str, ...] = ast.literal_eval(f"({literals},)")
        context, *rest = words if "pgettext" in call else ("", *words)
        yield Found(location, rest[0], rest[1] if len(rest) > 1 else "", context)
