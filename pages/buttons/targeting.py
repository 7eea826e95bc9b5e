"""Who sees a button: conditions, and which of them said no. Pure.

A condition is `{"what", "operator", "value"}`. The tag judges in the visitor's browser by the same rules
(optins/tag/source/targeting.js); tests/data/targeting.json holds both to one table of cases.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from types import MappingProxyType

Condition = Mapping[str, object]

MAX_TEXT = 500
MAX_CONDITIONS = 20
MAX_NUMBER = 1e12
MAX_FLOAT = sys.float_info.max
DEVICES = ("desktop", "tablet", "mobile")
DATA = "data:"

ADDRESS = ("is", "is_not", "contains", "not_contains", "starts_with", "matches")
TEXT = ("is", "is_not", "contains", "not_contains", "starts_with", "is_set", "is_not_set")
NUMBER = ("equals", "differs", "at_least", "at_most", "more_than", "less_than")
COUNT = ("at_least", "at_most")
COUNTED = ("seconds_on_page", "seconds_on_site", "pages_seen")

# What may be compared how; custom data take TEXT or NUMBER.
OPERATORS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "address": ADDRESS,
        "device": ("one_of",),
        **dict.fromkeys(COUNTED, COUNT),
        "time": ("within",),
    }
)


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


MESSAGES = {
    "what": gettext_noop("Choose what is compared."),
    "operator": gettext_noop("Choose how it is compared."),
    "value": gettext_noop("Fill in what it is compared with."),
    "long": gettext_noop("Shorten this to %(limit)s characters."),
    "number": gettext_noop("Give a number, such as 30 or 42.5."),
    "whole": gettext_noop("Give a whole number that is not negative."),
    "device": gettext_noop("Choose at least one device."),
    "days": gettext_noop("Choose at least one day."),
    "hour": gettext_noop("Give both times as hours and minutes, such as 08:00 and 19:30, and not the same one twice."),
    "name": gettext_noop("Name the custom data as the shop's pages do."),
    "many": gettext_noop("A rule may have %(limit)s conditions; make two rules of it."),
}


class ConditionError(ValueError):
    """`place` is the condition's number from 0, `field` what, operator or value; `code` is a key of MESSAGES."""

    def __init__(self, *, place: int, field: str, code: str) -> None:
        self.place, self.field, self.code = place, field, code
        self.message = MESSAGES[code]
        self.params = {"limit": MAX_CONDITIONS if code == "many" else MAX_TEXT}
        super().__init__(self.message % self.params if "%(" in self.message else self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One look at a page of the shop. `at` is on the site's clock; `data` the page's custom data."""

    address: str
    device: str = "desktop"
    seconds_on_page: float = 0.0
    seconds_on_site: float = 0.0
    pages_seen: int = 1
    at: datetime
    data: Mapping[str, object] = field(default_factory=dict)


def parse(raw: object) -> list[dict[str, object]]:
    """The conditions as they are stored: known members only, values of their type. Raises ConditionError."""
    listed = raw if isinstance(raw, list) else []
    if len(listed) > MAX_CONDITIONS:
        raise ConditionError(place=MAX_CONDITIONS, field="what", code="many")
    return [_parsed(place, one if isinstance(one, dict) else {}) for place, one in enumerate(listed)]


def operators(what: str) -> tuple[str, ...]:
    return (*TEXT, *NUMBER) if what.startswith(DATA) else OPERATORS.get(what, ())


def _parsed(place: int, raw: Mapping[str, object]) -> dict[str, object]:
    what, operator = str(raw.get("what") or ""), str(raw.get("operator") or "")
    if not operators(what):
        raise ConditionError(place=place, field="what", code="what")
    if what.startswith(DATA) and not what.removeprefix(DATA).strip():
        raise ConditionError(place=place, field="what", code="name")
    if operator not in operators(what):
        raise ConditionError(place=place, field="operator", code="operator")
    try:
        value = _value(what, operator, raw.get("value"))
    except _Bad as bad:
        raise ConditionError(place=place, field="value", code=str(bad)) from None
    return {"what": what, "operator": operator, "value": value}


class _Bad(ValueError):
    pass


def _value(what: str, operator: str, raw: object) -> object:
    if what == "device":
        return _devices(raw)
    if what == "time":
        return _hours(raw)
    if what in COUNTED:
        number = _number(raw)
        if number < 0 or number != int(number):
            raise _Bad("whole")
        return int(number)
    if operator in {"is_set", "is_not_set"}:
        return ""
    if operator in NUMBER:
        return _number(raw)
    return _text(raw)


def _text(raw: object) -> str:
    text = raw.strip() if isinstance(raw, str) else ""
    if not text:
        raise _Bad("value")
    if len(text) > MAX_TEXT:
        raise _Bad("long")
    return text


def _number(raw: object) -> float:
    number = _as_number(raw.strip().replace(",", ".") if isinstance(raw, str) else raw)
    if number is None:
        raise _Bad("number")
    return int(number) if number == int(number) else number


def _devices(raw: object) -> list[str]:
    chosen = [device for device in DEVICES if isinstance(raw, list) and device in raw]
    if not chosen:
        raise _Bad("device")
    return chosen


def _hours(raw: object) -> dict[str, object]:
    said = raw if isinstance(raw, dict) else {}
    given = said.get("days")
    days = [day for day in range(1, 8) if isinstance(given, list) and day in given]
    if not days:
        raise _Bad("days")
    start, end = _clock(said.get("from")), _clock(said.get("until"))
    if start == end:
        raise _Bad("hour")
    return {"days": days, "from": f"{start:%H:%M}", "until": f"{end:%H:%M}"}


def _clock(raw: object) -> time:
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", raw.strip()):
        raise _Bad("hour")
    try:
        return time.fromisoformat(raw.strip().zfill(5))
    except ValueError:
        raise _Bad("hour") from None


# --- Judging --------------------------------------------------------------------------------------------------


def shows(rules: Sequence[Sequence[Condition]] | None, visit: Visit) -> bool:
    """`rules` as in the tag's configuration: None is no rule at all; an empty list, that all are switched off."""
    return rules is None or any(first_no(conditions, visit) is None for conditions in rules)


def first_no(conditions: Sequence[Condition], visit: Visit) -> int | None:
    """The number of the first condition that does not hold; None where all do."""
    return next((place for place, one in enumerate(conditions) if not holds(one, visit)), None)


def holds(condition: Condition, visit: Visit) -> bool:
    what, operator, value = str(condition["what"]), str(condition["operator"]), condition["value"]
    if what == "address":
        return _TEXTS[operator](visit.address, str(value))
    if what == "device":
        return isinstance(value, list) and visit.device in value
    if what == "time":
        return isinstance(value, dict) and _within(value, visit.at)
    if what in COUNTED:
        return _NUMBERS[operator](getattr(visit, what), _as_number(value) or 0.0)
    return _of_data(visit.data.get(what.removeprefix(DATA)), operator, value)


def _of_data(found: object, operator: str, value: object) -> bool:
    """What is not declared, or is no text and no number, is not set; then only the negations hold."""
    text = _as_text(found)
    if operator in NUMBER:
        number, wanted = _as_number(found), _as_number(value)
        if number is None or wanted is None:
            return operator == "differs"
        return _NUMBERS[operator](number, wanted)
    if operator in {"is_set", "is_not_set"}:
        return bool(text) == (operator == "is_set")
    return _TEXTS[operator](text, str(value))


_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "is": lambda found, value: found.lower() == value.lower(),
    "is_not": lambda found, value: found.lower() != value.lower(),
    "contains": lambda found, value: value.lower() in found.lower(),
    "not_contains": lambda found, value: value.lower() not in found.lower(),
    "starts_with": lambda found, value: found.lower().startswith(value.lower()),
    "matches": lambda found, value: _fits(value.lower(), found.lower()),
}
_NUMBERS: Mapping[str, Callable[[float, float], bool]] = {
    "equals": lambda found, value: found == value,
    "differs": lambda found, value: found != value,
    "at_least": lambda found, value: found >= value,
    "at_most": lambda found, value: found <= value,
    "more_than": lambda found, value: found > value,
    "less_than": lambda found, value: found < value,
}


def _fits(pattern: str, text: str) -> bool:
    """Wildcards over the whole text: `*` is any characters, `?` is one. By walking, so that none takes long."""
    at = star = mark = 0
    begun = False
    place = 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            begun, star, mark = True, place, at
            place += 1
        elif place < len(pattern) and pattern[place] in {"?", text[at]}:
            at, place = at + 1, place + 1
        elif begun:
            mark += 1
            at, place = mark, star + 1
        else:
            return False
    return not pattern[place:].strip("*")


def _within(value: Mapping[str, object], at: datetime) -> bool:
    """Times that end before they begin cross midnight, and belong to the day on which they began."""
    days = value["days"] if isinstance(value["days"], list) else []
    start, end, now = str(value["from"]), str(value["until"]), f"{at:%H:%M}"
    today = at.isoweekday()
    if start < end:
        return today in days and start <= now < end
    yesterday = (today - 2) % 7 + 1
    return (today in days and now >= start) or (yesterday in days and now < end)


def _as_text(found: object) -> str:
    if isinstance(found, bool) or found is None:
        return "" if found is None else str(found).lower()
    if isinstance(found, int | float):
        return _digits(found)
    return found.strip() if isinstance(found, str) else ""


def _digits(found: float) -> str:
    """JSON holds no infinity: what a browser makes of 1e999 is not set."""
    if not -MAX_FLOAT <= found <= MAX_FLOAT:
        return ""
    return str(int(found)) if found == int(found) else repr(found)


def _as_number(found: object) -> float | None:
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float):
        return float(found) if -MAX_NUMBER <= found <= MAX_NUMBER else None
    if isinstance(found, str) and re.fullmatch(r"-?[0-9]{1,13}(\.[0-9]{1,9})?", found.strip()):
        number = float(found)
        return number if abs(number) <= MAX_NUMBER else None
    return None
