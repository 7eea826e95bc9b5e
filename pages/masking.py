"""A word taken out of JSON, wherever it stands by itself, pure: what is left of a text about somebody who is erased."""

import re
from typing import Any

MASK = "…"


def mask(value: Any, word: str) -> Any:
    """`value` without `word`: in every text and in every name, as long as it is not a part of another word."""
    return _masked(value, re.compile(rf"(?<!\w){re.escape(word)}(?!\w)"))


def _masked(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(MASK, value)
    if isinstance(value, dict):
        return {_masked(name, pattern): _masked(each, pattern) for name, each in value.items()}
    return [_masked(each, pattern) for each in value] if isinstance(value, list) else value
