"""JavaScript and CSS with fewer characters and the same meaning. Pure, and the same every time.

Only what the tag's own modules need: blanks and comments go, and names that are nothing but variables get short ones,
one name for one name everywhere, so that scopes don't matter. A name that is also a member of something keeps its own.
"""

import re
from collections import Counter
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*)
    |(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    |(?P<word>[A-Za-z_$][\w$]*|\d[\w.]*)
    |(?P<sign>\.\.\.|=>|\*\*|\+\+|--|[{}()\[\];,<>=!+\-*/%&|^~?:.])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_REGEX = frozenset("(,=:[!&|?{};") | {"=>", "return"}
_DECLARING = frozenset({"const", "let", "function"})
# Lower-case names that are the language's or the browser's; they look like parameters where they are handed on.
_GIVEN = frozenset(
    [
        "arguments",
        "document",
        "fetch",
        "false",
        "globalThis",
        "isFinite",
        "navigator",
        "null",
        "open",
        "setInterval",
        "setTimeout",
        "this",
        "true",
        "undefined",
    ]
)
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_BLANKS = re.compile(r"\s+")
_CSS_SIGNS = re.compile(r"\s*([{};,>])\s*|(:) |;(?=\})")


class UnknownSign(ValueError):
    """What the shortener has not been taught to read; `place` is the offset."""

    def __init__(self, place: int, near: str) -> None:
        self.place = place
        super().__init__(f"Can't read this at {place}: {near!r}")


def javascript(source: str) -> str:
    tokens = list(_tokens(source))
    short = _short_names(tokens)
    pieces: list[str] = []
    for kind, token in tokens:
        text = _renamed_within(token, short) if kind == "template" else token
        text = short.get(token, token) if kind == "word" and not _is_member(pieces) else text
        if pieces and _would_join(pieces[-1], text):
            pieces.append(" ")
        pieces.append(text)
    return "".join(pieces).replace(";}", "}")


def css(stylesheet: str) -> str:
    flat = _CSS_BLANKS.sub(" ", _CSS_COMMENT.sub("", stylesheet))
    return _CSS_SIGNS.sub(lambda found: found[1] or found[2] or "", flat).replace(";}", "}").strip()


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at, before = 0, ";"
    while at < len(source):
        kind, text = _next(source, at, before)
        at += len(text)
        if kind != "blank":
            before = text
            yield kind, text


def _next(source: str, at: int, before: str) -> tuple[str, str]:
    if source[at] == "`":
        return "template", source[at : _end_of_template(source, at)]
    if source[at] == "/" and source[at + 1] != "/" and before in _BEFORE_REGEX:
        regex = _REGEX.match(source, at)
        if regex is not None:
            return "regex", regex[0]
    found = _TOKEN.match(source, at)
    if found is None:
        raise UnknownSign(at, source[at : at + 20])
    return str(found.lastgroup), found[0]


def _end_of_template(source: str, at: int) -> int:
    """Templates hold plain expressions: no template within a template."""
    return source.index("`", at + 1) + 1


# --- Names ----------------------------------------------------------------------------------------------------


def _short_names(tokens: list[tuple[str, str]]) -> dict[str, str]:
    """The most frequent names get the shortest; none that is anything but a variable somewhere."""
    words = Counter(text for kind, text in tokens if kind == "word")
    declared, kept = set(), set()
    for place, (kind, text) in enumerate(tokens):
        if kind != "word":
            continue
        before, after = tokens[place - 1][1], tokens[place + 1][1] if place + 1 < len(tokens) else ""
        if before in _DECLARING or (_may_be_parameter(text) and before in {"(", ","} and after in {",", ")", "="}):
            declared.add(text)
        if before == "." or (before in {"{", ","} and after in {":", ",", "}", "(", "="}):
            kept.add(text)
    wanted = sorted(declared - kept, key=lambda name: (-words[name] * len(name), name))
    return dict(zip(wanted, _fresh(set(words)), strict=False))


def _may_be_parameter(name: str) -> bool:
    return name[0].islower() and name not in _GIVEN


def _fresh(taken: set[str]) -> Iterator[str]:
    for name in (*_LETTERS, *(one + two for one in _LETTERS for two in _LETTERS)):
        if name not in taken and name not in {"do", "if", "in", "of", "as", "is"}:
            yield name


def _is_member(pieces: list[str]) -> bool:
    return bool(pieces) and pieces[-1] == "."


def _renamed_within(template: str, short: dict[str, str]) -> str:
    def renamed(found: re.Match[str]) -> str:
        return re.sub(r"(?<![\w$.'])[A-Za-z_$][\w$]*", lambda word: short.get(word[0], word[0]), found[0])

    return re.sub(r"\$\{[^}]*\}", renamed, template)


def _would_join(left: str, right: str) -> bool:
    one, two = left[-1], right[0]
    wordy = (one.isalnum() or one in "_$") and (two.isalnum() or two in "_$")
    return wordy or (one == two and one in "+-")
