"""Takes what a person can read out of values that may be anything."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


def words(value: object) -> str:
    """A text as it can be written in UTF-8, a number in its digits, and nothing for anything else."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return digits(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def digits(value: object) -> str:
    """Python refuses to write integers of thousands of digits, and nobody could read them."""
    try:
        return str(value)
    except (ValueError, RecursionError):
        return "…"


def web_address(value: object) -> str:
    """`value` if a browser may follow it, or nothing: `javascript:` and its kin never reach an attribute."""
    text = words(value).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.netloc else ""


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def loaded(body: object) -> object:
    """`body`, decoded if it is the JSON text of an object."""
    if not isinstance(body, str | bytes):
        return body
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return value if isinstance(value, Mapping) else body


def pretty(value: object) -> str:
    """`value` as indented JSON, or as the text that it is."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return words(value)
    try:
        return words(json.dumps(value, ensure_ascii=False, indent=2, default=digits))
    except (TypeError, ValueError, RecursionError):
        return words(digits(value))
