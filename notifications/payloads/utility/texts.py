"""The header and the body of a template: how their placeholders have to stand."""

import re
from collections.abc import Iterator
from typing import Final

from notifications.payloads import limits
from notifications.payloads.problems import Problem, problem
from notifications.payloads.utility.slots import PLACEHOLDER, Slot, Where, of_text

_NAMED: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_EDGES: Final = re.compile(r"^[^\w{}]+|[^\w{}]+$")
# What somebody wrote who meant a placeholder.
_BRACES: Final = re.compile(r"\{[^{}]{0,40}\}?|\}")


def slots_in(text: str, where: Where) -> list[Slot]:
    return list({slot.key: slot for slot in of_text({"text": text}, where)}.values())


def keys_of(header: str, body: str) -> tuple[str, ...]:
    found = [*slots_in(header, Where.HEADER), *slots_in(body, Where.BODY)]
    return tuple(dict.fromkeys(slot.key for slot in found))


def is_named(header: str, body: str) -> bool:
    return any(not match[1].isdigit() for match in PLACEHOLDER.finditer(f"{header} {body}"))


def problems_of_header(text: str, path: str) -> Iterator[Problem]:
    yield from _sized(text, path, limits.TEMPLATE_HEADER)
    yield from _well_written(text, path)
    count = len(slots_in(text, Where.HEADER))
    if count > limits.HEADER_PARAMETERS.most:
        yield problem(path, "header_parameters", limit=limits.HEADER_PARAMETERS.most, length=count)


def problems_of_body(text: str, path: str) -> Iterator[Problem]:
    if not text.strip():
        yield problem(path, "blank")
        return
    yield from _sized(text, path, limits.TEMPLATE_BODY)
    yield from _well_written(text, path)
    yield from _at_an_edge(text, path)
    yield from _few_words(text, path)


def mixed(header: str, body: str, path: str) -> Iterator[Problem]:
    """Numbers and names in one template, wherever they stand."""
    names = [match[1] for match in PLACEHOLDER.finditer(f"{header} {body}")]
    if len({name.isdigit() for name in names}) > 1:
        yield problem(path, "parameters_mixed")


def _sized(text: str, path: str, limit: limits.Limit) -> Iterator[Problem]:
    if len(text) > limit.most:
        yield problem(path, "too_long", limit=limit.most, length=len(text))


def _well_written(text: str, path: str) -> Iterator[Problem]:
    if near := _BRACES.search(PLACEHOLDER.sub(" ", text)):
        yield problem(path, "parameter", near=near.group())
        return
    names = list(dict.fromkeys(match[1] for match in PLACEHOLDER.finditer(text)))
    numbers = [int(name) for name in names if name.isdigit()]
    for name in names:
        if not name.isdigit() and not _NAMED.fullmatch(name):
            yield problem(path, "parameter", near=f"{{{{{name}}}}}")
    if len(numbers) == len(names) and numbers != list(range(1, len(numbers) + 1)):
        yield problem(path, "parameters_in_order")


def _at_an_edge(text: str, path: str) -> Iterator[Problem]:
    """A full stop behind the last one is not enough for Facebook's review."""
    bare = _EDGES.sub("", text)
    found = list(PLACEHOLDER.finditer(bare))
    if found and (found[0].start() == 0 or found[-1].end() == len(bare)):
        yield problem(path, "parameter_at_an_edge")


def _few_words(text: str, path: str) -> Iterator[Problem]:
    """Facebook names no figure for "too many parameters for its length"; see limits.py."""
    count = len(PLACEHOLDER.findall(text))
    words = sum(any(letter.isalnum() for letter in word) for word in PLACEHOLDER.sub(" ", text).split())
    least = limits.WORDS_PER_PARAMETER.least * count
    if count and words < least:
        yield problem(path, "few_words", limit=least, length=words)
