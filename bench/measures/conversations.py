"""The inbox of a page of 1,000,000 conversations against one of 1,000, and a conversation of 10,000 messages against
one of 100: each screen and search by turns, in the same database.
"""

from collections.abc import Iterable
from statistics import median

from bench.lab import Lab
from bench.rows import Row
from bench.stack.installation import PASSWORD
from bench.visitor import Visitor

MANY, FEW = 1_000_000, 1_000
LONG, SHORT = 10_000, 100
VISITS = 15
LISTS = {"open": "", "closed": "&is=closed", "unread": "&is=unread", "nobody's": "&is=nobodys"}
# Words in every message, in one of a hundred, of a hundred thousand, and in none; names; an id.
SEARCHES = ("bonjour", "reclamation", "chrysantheme", "nowhere", "martin", "claire", "7000000000000500")


def measure(lab: Lab) -> list[Row]:
    with lab.installed() as installation, installation.inside() as inside:
        inside.do("administrator", password=PASSWORD)
        small = inside.do("conversations", count=FEW, longest=SHORT)
        large = inside.do("conversations", count=lab.of(MANY), longest=LONG)
        inside.do("vacuum")
        with installation.web():
            visitor = Visitor(installation.port)
            pairs = {name: (_address(name, small), _address(name, large)) for name in _names()}
            times = {name: _by_turns(visitor, *pair) for name, pair in pairs.items()}
    rows = [
        _row("conversations of a page, 1,000,000 against 1,000", times, LISTS),
        _row("a conversation, 10,000 messages against 100", times, ("conversation", "older")),
        _row("search in conversations, 1,000,000 against 1,000", times, SEARCHES, most=2.0),
    ]
    lab.say(", ".join(f"{row.name}: {row.value:.2f} x" for row in rows))
    return rows


def _names() -> tuple[str, ...]:
    return (*LISTS, "conversation", "older", *SEARCHES)


def _address(name: str, made: dict[str, int]) -> str:
    page, thread = f"?page={made['page']}", f"{made['longest']}"
    if name in LISTS:
        path = f"{page}{LISTS[name]}"
    elif name in SEARCHES:
        path = f"{page}&q={name}"
    else:
        path = f"{thread}/change/{page}" if name == "conversation" else f"{thread}/older/?before=9999999999.1"
    return f"/admin/pages/thread/{path}"


def _by_turns(visitor: Visitor, small: str, large: str) -> tuple[float, float]:
    """Milliseconds, the middle of many."""
    took = [(visitor.seconds_of(small), visitor.seconds_of(large)) for _ in range(VISITS)]
    return median(one for one, _other in took) * 1_000, median(other for _one, other in took) * 1_000


def _row(name: str, times: dict[str, tuple[float, float]], parts: Iterable[str], *, most: float = 1.5) -> Row:
    """The worst of the parts."""
    chosen = {part: times[part] for part in parts}
    detail: dict[str, object] = {
        part: f"{small:.1f} ms, {large:.1f} ms, {large / small:.2f} x" for part, (small, large) in chosen.items()
    }
    return Row(
        name=name, value=max(large / small for small, large in chosen.values()), most=most, unit="x", detail=detail
    )
