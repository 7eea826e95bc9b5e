"""Whether a text can be a CSS selector. A first look: the editor asks the browser as well, and the tag tries it."""

import re

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_ESCAPED = re.compile(r"\\.")
# In this order: what no selector holds; what none begins or ends with; what can't follow one another; a name that is
# none after its sign.
_NONE = re.compile(
    r"""[{}<;@`"'\\!?%&/]|^[0-9>+~,]|[>+~,.\#:]$|,\s*,|[>+~]\s*[>+~,]|[.\#](?![\w-]|[^\x00-\x7f])|[.\#][0-9]|:\s|\[\s*\]|\(\s*\)"""
)
_CLOSING = {"[": "]", "(": ")"}


def is_selector(text: str) -> bool:
    bare = _ESCAPED.sub("x", _QUOTED.sub("", text)).strip()
    return bool(bare) and _NONE.search(bare) is None and _is_closed(bare)


def _is_closed(bare: str) -> bool:
    """Brackets are closed in the order in which they were opened."""
    open_ones: list[str] = []
    for letter in bare:
        if letter in _CLOSING:
            open_ones.append(_CLOSING[letter])
        elif letter in _CLOSING.values() and (not open_ones or open_ones.pop() != letter):
            return False
    return not open_ones
