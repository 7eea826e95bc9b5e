"""Members of JSON that nobody vouches for: each as the type that is wanted, or as nothing. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Below this a time is in seconds (until the year 5138), as entries with `changes` have it; above, in milliseconds.
_SECONDS_BELOW = 100_000_000_000


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """Text, or a whole number as text: Facebook writes ids both ways."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts(value: object) -> tuple[str, ...]:
    found = (text(one) for one in value) if isinstance(value, list) else ()
    return tuple(one for one in found if one)


def mappings(value: object) -> tuple[Mapping[str, Any], ...]:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def moment(value: object) -> datetime | None:
    """Milliseconds (or seconds) since 1970, in UTC."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=number * 1_000 if number < _SECONDS_BELOW else number)
    except (OverflowError, ValueError):
        return None
