"""What is known of a customer besides the id, pure: which names, which values, and what of a value is words.

Attributes are a JSON object beside the opt-in. A message takes words from it: `{{ first_name }}`.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping

# Small letters alone: `First_name` beside `first_name` would be two attributes that nobody tells apart.
NAME = r"[a-z][a-z0-9_]{0,39}"
MOST_NAMES = 50
# In characters. A longer value fits into no text of a message but the longest.
LONGEST_VALUE = 1_000
# A whole number beyond this many bits is no quantity, and Python refuses to write much longer ones.
MOST_BITS = 1_024
# Every blank that `str.strip` takes off, for the database to do the same.
BLANKS = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())

_UNPRINTABLE = frozenset({"Cc", "Cs"})
_LINE_BREAK = "\n"


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


MESSAGES = {
    "name": gettext_noop("Write the name in small letters, digits and _, beginning with a letter: first_name."),
    "too_many": gettext_noop("Keep at most %(most)s attributes."),
    "value": gettext_noop("Give a text or a number."),
    "too_long": gettext_noop("Shorten this to %(longest)s characters."),
    "unprintable": gettext_noop("Remove the control characters."),
}


class AttributeProblem(ValueError):
    """`code` is a key of MESSAGES, whose sentence says what to do; fill it with `params`. `name` is whose it is."""

    def __init__(self, code: str, *, name: str = "") -> None:
        self.code = code
        self.name = name
        self.message = MESSAGES[code]
        self.params = {"most": MOST_NAMES, "longest": LONGEST_VALUE}
        super().__init__(self.message % self.params)


def words_of(value: object) -> str | None:
    """What a message says for `value`: a text as it is, a number as JSON writes it.

    None where there is nothing to say: no value, blanks alone, true and false, lists and objects.
    """
    match value:
        case str():
            return value if value.strip() else None
        case bool():
            return None
        case int():
            return str(value) if value.bit_length() <= MOST_BITS else None
        case float():
            return json.dumps(value) if math.isfinite(value) else None
    return None


def check(attributes: Mapping[str, object]) -> None:
    """Raises AttributeProblem for the first name or value that may not be entered."""
    if len(attributes) > MOST_NAMES:
        raise AttributeProblem("too_many")
    for name, value in attributes.items():
        if not re.fullmatch(NAME, name):
            raise AttributeProblem("name", name=name)
        _check_value(name, value)


def _check_value(name: str, value: object) -> None:
    words = words_of(value)
    if words is None:
        raise AttributeProblem("value", name=name)
    if len(words) > LONGEST_VALUE:
        raise AttributeProblem("too_long", name=name)
    if any(unicodedata.category(letter) in _UNPRINTABLE and letter != _LINE_BREAK for letter in words):
        raise AttributeProblem("unprintable", name=name)
