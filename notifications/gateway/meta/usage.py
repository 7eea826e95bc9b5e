"""How much of its allowance a page has used up, as Facebook writes on every answer. Pure.

`X-App-Usage` and `X-Business-Use-Case-Usage`: JSON, percentages, and minutes until there is room again (Graph API,
"Rate limits"). What can't be read says nothing.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

APP, BUSINESS = "x-app-usage", "x-business-use-case-usage"
_SHARES = ("call_count", "total_time", "total_cputime")
_MOST_MINUTES = 24 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """`percent` is the worst of all that the answer says, `room_in` in seconds."""

    percent: float
    room_in: float | None = None


def read(headers: Mapping[str, str]) -> Usage | None:
    """None where the answer says nothing of it. `headers` has lower-case names."""
    app, business = headers.get(APP, ""), headers.get(BUSINESS, "")
    return _read(app, business) if app or business else None


# One answer after the other says the same.
@lru_cache(maxsize=256)
def _read(app: str, business: str) -> Usage | None:
    told = [*_objects(_decoded(app)), *_objects(_decoded(business))]
    percents = [share for each in told for name in _SHARES if (share := _number(each.get(name))) is not None]
    minutes = [_number(each.get("estimated_time_to_regain_access")) or 0.0 for each in told]
    if not percents:
        return None
    regain = min(max(minutes), _MOST_MINUTES) * 60
    return Usage(percent=max(percents), room_in=regain or None)


def _decoded(text: str) -> object:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _objects(value: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    """The object itself, or those in its lists: a business's header has one for each use case."""
    if depth > 2:
        return
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each, depth + 1)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = float(value) if abs(value) < 1e9 else math.inf
    return number if math.isfinite(number) and number >= 0 else None
