"""The bytes of a post as JSON that every database can keep. Pure."""

import json
import math
from typing import Any

# Facebook's deepest, a carousel that was answered to, has about fifteen.
MOST_DEPTH = 64
_INSTEAD = "\ufffd"


class Unreadable(ValueError):
    """Not what Facebook describes. Its text says why, and repeats nothing of what came."""


def decode(body: bytes) -> Any:
    """Raises Unreadable. What PostgreSQL can't store (NUL, half of a surrogate pair) is replaced by U+FFFD."""
    return _clean(loads(body), MOST_DEPTH)


def loads(body: bytes) -> Any:
    """The JSON as it is, which takes a third of the time: enough to look into. Raises Unreadable."""
    try:
        return json.loads(body, parse_constant=_nothing, parse_float=_finite)
    except RecursionError:
        raise Unreadable("It is nested too deeply to be read.") from None
    except UnicodeDecodeError as error:
        raise Unreadable(f"It is not {error.encoding}, from byte {error.start} on.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"It is not JSON: {error}") from None
    except ValueError:
        raise Unreadable("It holds a number of too many digits.") from None


def _nothing(_word: str) -> None:
    """NaN and Infinity, which Python reads and JSON does not have."""


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if not isinstance(value, dict | list):
        return value
    if not depth:
        raise Unreadable(f"It is nested more than {MOST_DEPTH} deep.")
    if isinstance(value, list):
        return [_clean(each, depth - 1) for each in value]
    return {_storable(name): _clean(each, depth - 1) for name, each in value.items()}


def _storable(text: str) -> str:
    if text.isascii():
        return text.replace("\0", _INSTEAD)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", _INSTEAD)
