"""What a site's customer_ids look like: `instock-<product>-<session>`, `order-<number>`. Pure.

The parts in angle brackets change and hold at least one character; what stands between them is meant to the letter.
"""

import re
from functools import lru_cache

MAX_PARTS = 8

_PART = re.compile(r"<([^<>]*)>")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,30}\Z")


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


MESSAGES = {
    "empty": gettext_noop("Write a pattern, such as order-<number>."),
    "no_part": gettext_noop("Put what changes from customer to customer in angle brackets, such as order-<number>."),
    "everything": gettext_noop("This fits every customer_id. Begin or end it with letters of its own."),
    "bracket": gettext_noop("An angle bracket is open or closed that has no partner."),
    "name": gettext_noop("Name each part with letters, such as <number>: “%(name)s” is no name."),
    "twice": gettext_noop("Two parts are called “%(name)s”; give each its own name."),
    "touching": gettext_noop("Put at least one character between two parts, so that it is clear where one ends."),
    "many": gettext_noop("Use at most %(limit)s parts."),
}


class PatternError(ValueError):
    """`code` is a key of MESSAGES; fill its sentence with `params`."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.message = MESSAGES[code]
        self.params = {"limit": MAX_PARTS, **params}
        super().__init__(self.message % self.params if "%(" in self.message else self.message)


def parse(raw: str) -> str:
    """The pattern as it is stored. Raises PatternError."""
    pattern = raw.strip()
    if not pattern:
        raise PatternError("empty")
    names, fixed = _PART.findall(pattern), _PART.split(pattern)[::2]
    if any(bracket in text for text in fixed for bracket in "<>"):
        raise PatternError("bracket")
    if not names:
        raise PatternError("no_part")
    if len(names) > MAX_PARTS:
        raise PatternError("many")
    for number, name in enumerate(names):
        if not _NAME.match(name):
            raise PatternError("name", name=name)
        if name in names[:number]:
            raise PatternError("twice", name=name)
    if not all(fixed[1:-1]):
        raise PatternError("touching")
    if not any(fixed):
        raise PatternError("everything")
    return pattern


def example(pattern: str) -> str:
    """An id that fits: each part stands for itself."""
    return _PART.sub(lambda part: re.sub(r"[^A-Za-z0-9]", "", part[1]) or "x", pattern)


def match(pattern: str, customer_id: str) -> dict[str, str] | None:
    """The parts by name where the id fits; None where it does not. Each part but the last is as short as it can be."""
    found = _compiled(pattern).fullmatch(customer_id)
    return dict(zip(_PART.findall(pattern), found.groups(), strict=True)) if found else None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Parts but the last hold none of the character that follows them, so that no id takes long to judge."""
    pieces = _PART.split(pattern)
    built = [re.escape(pieces[0])]
    for place in range(1, len(pieces), 2):
        after = pieces[place + 1]
        built.append(f"([^{re.escape(after[0])}]+?)" if after and place + 2 < len(pieces) else "(.+)")
        built.append(re.escape(after))
    return re.compile("".join(built), re.DOTALL)
