"""JavaScript and CSS with fewer characters and the same meaning. Pure, and the same every time.

Only what the tag's own modules need: blanks and comments go, and variables get short names, one for one name
everywhere. Two names share a short one where no declaration at the top holds both, so that scopes within don't matter.
Members keep their names: `{link}` becomes `{link:a}`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import pairwise, zip_longest
from typing import NamedTuple

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
_AT_THE_TOP = _DECLARING | {"async"}
# A brace after one of these holds members; after anything else, statements.
_BEFORE_MEMBERS = frozenset("(,=:[?") | {"&&", "||", "return", "...", "const", "let"}
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
# As frequent as in the rest: what is packed afterwards gets smaller.
_LETTERS = "etnaosirlcdumphfgbyvwkxqjzETNAOSIRLCDUMPHFGBYVWKXQJZ"

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
# A declaration's own name is its second or third word: `async function ask`.
_HEAD = 3
_WITHIN = re.compile(r"\$\{[^}]*\}")
_FREE_WORD = re.compile(r"(?<![\w$.'])[A-Za-z_$][\w$]*")

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_BLANKS = re.compile(r"\s+")
_CSS_ZEROS = re.compile(r"(?<![\w.])0(?=\.\d)|(?<=\.)(\d*[1-9])0+(?!\d)")
_CSS_SIGNS = re.compile(r"\s*([{};,>])\s*|(:) |;(?=\})")


class Place(Enum):
    """What a word is where it stands."""

    VARIABLE = auto()
    SHORTHAND = auto()  # a member and a variable of one name: `{link}`
    MEMBER = auto()
    MAYBE_DECLARED = auto()  # among parameters, or among values handed on: they look alike


class Token(NamedTuple):
    kind: str
    text: str
    place: Place


class UnknownSign(ValueError):
    """What the shortener has not been taught to read; `place` is the offset."""

    def __init__(self, place: int, near: str) -> None:
        self.place = place
        super().__init__(f"Can't read this at {place}: {near!r}")


def javascript(source: str, *, keep: Collection[str] = (), members: Collection[str] = ()) -> str:
    """`keep`: the names by which it is called from outside. `members`: those that nothing else has or reads."""
    tokens = [Token(kind, text, place) for (kind, text), place in _placed(list(_tokens(source)))]
    short = _short_names(tokens, frozenset(keep))
    renamed = {name: f"_{letters}" for name, letters in zip(members, _fresh(set()), strict=False)}
    pieces: list[str] = []
    for token, after in zip_longest(tokens, tokens[1:]):
        if _is_needless(token, after):
            continue
        text = _written(token, short, renamed)
        if pieces and _would_join(pieces[-1], text):
            pieces.append(" ")
        pieces.append(text)
    return "".join(pieces)


def _is_needless(token: Token, after: Token | None) -> bool:
    if after is None or token.kind != "sign" or after.kind != "sign":
        return False
    return (token.text == "," and after.text in _CLOSING) or (token.text == ";" and after.text == "}")


def css(stylesheet: str) -> str:
    flat = _CSS_ZEROS.sub(r"\1", _CSS_BLANKS.sub(" ", _CSS_COMMENT.sub("", stylesheet)))
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


def _placed(tokens: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Place]]:
    open_braces: list[bool] = []  # whether each holds members
    for at, (kind, text) in enumerate(tokens):
        before = tokens[at - 1][1] if at else ";"
        after = tokens[at + 1][1] if at + 1 < len(tokens) else ";"
        if text in _CLOSING and kind == "sign":
            open_braces.pop()
        among_members = bool(open_braces) and open_braces[-1]
        yield (kind, text), _place(before, after, among_members=among_members) if kind == "word" else Place.VARIABLE
        if text in _OPENING and kind == "sign":
            open_braces.append(text == "{" and before in _BEFORE_MEMBERS)


def _place(before: str, after: str, *, among_members: bool) -> Place:
    if before == ".":
        return Place.MEMBER
    if among_members and before in {"{", ","}:
        return Place.MEMBER if after in {":", "("} else Place.SHORTHAND
    if before in {"(", ",", "["} and after in {",", ")", "=", "]"}:
        return Place.MAYBE_DECLARED
    return Place.VARIABLE


def _short_names(tokens: Sequence[Token], keep: frozenset[str]) -> dict[str, str]:
    """The most frequent names choose first, each the shortest that none beside it has."""
    together, everywhere = _met(tokens)
    used = Counter(token.text for token in tokens if token.kind == "word" and token.place != Place.MEMBER)
    wanted = sorted(_declared(tokens) - keep, key=lambda name: (-used[name], name))
    short: dict[str, str] = {}
    for name in wanted:
        near = together[name] | (everywhere if name in everywhere else set())
        taken = {short[other] for other in near if other in short}
        short[name] = next(letters for letters in _fresh(set(used)) if letters not in taken)
    return short


def _declared(tokens: Sequence[Token]) -> set[str]:
    declared = set()
    for at, token in enumerate(tokens):
        if token.kind == "word" and token.place != Place.MEMBER:
            certain = at > 0 and tokens[at - 1].text in _DECLARING
            if certain or (token.place != Place.VARIABLE and _may_be_parameter(token.text)):
                declared.add(token.text)
    return declared


def _met(tokens: Sequence[Token]) -> tuple[dict[str, set[str]], set[str]]:
    """Which names stand together in one declaration at the top, and those that are declared there."""
    together: dict[str, set[str]] = defaultdict(set)
    everywhere: set[str] = set()
    for unit in _units(tokens):
        names = {name for token in unit for name in _names(token)}
        for name in names:
            together[name] |= names
        everywhere.update(token.text for before, token in pairwise(unit[:_HEAD]) if before.text in _DECLARING)
    return together, everywhere


def _units(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    unit: list[Token] = []
    depth = 0
    for token in tokens:
        if depth == 0 and unit and token.text in _AT_THE_TOP and unit[-1].text in {";", "}"}:
            yield unit
            unit = []
        unit.append(token)
        if token.kind == "sign":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
    yield unit


def _names(token: Token) -> Iterator[str]:
    if token.kind == "word" and token.place != Place.MEMBER:
        yield token.text
    elif token.kind == "template":
        for found in _WITHIN.finditer(token.text):
            yield from _FREE_WORD.findall(found[0])


def _may_be_parameter(name: str) -> bool:
    return name[0].islower() and name not in _GIVEN


def _fresh(taken: set[str]) -> Iterator[str]:
    for name in (*_LETTERS, *(one + two for one in _LETTERS for two in _LETTERS)):
        if name not in taken and name not in {"do", "if", "in", "of", "as", "is"}:
            yield name


def _written(token: Token, short: Mapping[str, str], renamed: Mapping[str, str]) -> str:
    if token.kind == "template":
        return _WITHIN.sub(lambda found: _FREE_WORD.sub(lambda word: short.get(word[0], word[0]), found[0]), token.text)
    if token.kind != "word":
        return token.text
    member, variable = renamed.get(token.text, token.text), short.get(token.text, token.text)
    if token.place == Place.MEMBER:
        return member
    if token.place == Place.SHORTHAND and member != variable:
        return f"{member}:{variable}"
    return variable


def _would_join(left: str, right: str) -> bool:
    one, two = left[-1], right[0]
    wordy = (one.isalnum() or one in "_$") and (two.isalnum() or two in "_$")
    return wordy or (one == two and one in "+-")
