"""JSON text to values, for json_values to look at: what JSON does not have, or would lose, is kept visible."""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

from notifications.payloads.json_values import DEEPEST, MOST_DIGITS, Repeating
from notifications.payloads.problems import PayloadError, problem


def decode(raw: str | bytes) -> object:
    """Raises PayloadError and nothing else."""
    try:
        return _json.decode(raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw)
    except UnicodeDecodeError:
        raise PayloadError([problem("", "not_utf8")]) from None
    except json.JSONDecodeError as error:
        raise PayloadError([problem("", "not_json", line=error.lineno, column=error.colno)]) from None
    except RecursionError:
        raise PayloadError([problem("", "too_deep", limit=DEEPEST)]) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    [(key, _)] = Counter(key for key, _ in pairs).most_common(1)
    return Repeating(values, key=key)


def _decimal(literal: str) -> Decimal:
    try:
        return Decimal(literal)
    except InvalidOperation:
        # An exponent of more than eighteen digits.
        return Decimal("Infinity")


def _integer(literal: str) -> int | Decimal:
    """Python refuses to read an integer of thousands of digits; as a decimal it is found to be too large."""
    return int(literal) if len(literal) <= MOST_DIGITS else Decimal(literal)


_json = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_decimal,
    parse_int=_integer,
    # NaN and Infinity, which JSON does not have.
    parse_constant=Decimal,
)
