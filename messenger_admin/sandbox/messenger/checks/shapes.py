"""Values of a body that came from outside: what they must be, or Facebook's refusal. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from messenger_admin.sandbox.messenger.refusals import refused


def text(values: Mapping[str, Any], name: str, *, most: int, subcode: int = 0, where: str = "") -> str:
    """A text that must be there and not empty; `subcode` is Facebook's for one that is missing."""
    value = values.get(name)
    if value is None or value == "":
        raise refused(100, subcode, "" if subcode else f"The parameter {where}{name} is required")
    return _short(value, most, f"{where}{name}")


def optional(values: Mapping[str, Any], name: str, *, most: int, where: str = "") -> str:
    value = values.get(name)
    return "" if value is None else _short(value, most, f"{where}{name}")


def items(value: object, name: str, *, most: int, least: int = 0) -> list[Mapping[str, Any]]:
    """A list of objects. Facebook has a code of its own for too few."""
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise refused(100, 0, f"Param {name} must be an array of objects")
    if len(value) < least:
        raise refused(194, 0, f"Param {name} has too few elements")
    if len(value) > most:
        raise refused(100, 0, f"Param {name} has too many elements: at most {most}")
    return value


def mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refused(100, 0, f"Param {name} must be an object")
    return value


def amount(values: Mapping[str, Any], name: str, *, where: str = "") -> float:
    value = values.get(name)
    if value is None:
        raise refused(100, 0, f"The parameter {where}{name} is required")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(100, 0, f"Param {where}{name} must be a number")
    return value


def one_of(value: object, known: Collection[str], name: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise refused(100, 0, f"Param {name} must be one of {{{', '.join(sorted(known))}}}")
    return value


def web_address(value: str, name: str, *, secure: bool = False) -> str:
    if not value.startswith("https://") and (secure or not value.startswith("http://")):
        raise refused(100, 0, f"Param {name} should represent a valid {'HTTPS ' if secure else ''}URL")
    return value


def _short(value: object, most: int, name: str) -> str:
    if not isinstance(value, str):
        raise refused(100, 0, f"Param {name} must be a string")
    if len(value) > most:
        raise refused(100, 0, f"Length of param {name} must be less than or equal to {most}")
    return value
