"""Making the rows of a campaign of a million, against the plain statement that makes the same rows."""

from collections.abc import Callable

from bench.lab import Lab
from bench.rows import Row, middle, rounded
from bench.stack import databases
from bench.stack.installation import Inside

AUDIENCE = 1_000_000
ROUNDS = 2


def measure(lab: Lab) -> list[Row]:
    size = lab.of(AUDIENCE)
    chunked: list[float] = []
    plain: list[float] = []
    with lab.installed() as source:
        with source.inside() as inside:
            page = int(inside.do("page", optins=size)["pk"])
        for _ in lab.rounds(ROUNDS):
            plain.append(_timed(lab, source.database, size, lambda inside: inside.do("expand_plainly", page=page)))
            chunked.append(_timed(lab, source.database, size, lambda inside: _expand(inside, page)))
            lab.say(f"in chunks {chunked[-1]:.1f} s, plain {plain[-1]:.1f} s")
    ratio = middle([mine / theirs for mine, theirs in zip(chunked, plain, strict=True)])
    detail: dict[str, object] = {"chunked_seconds": rounded(chunked), "plain_seconds": rounded(plain), "rows": size}
    return [Row(name="expansion against a plain INSERT", value=ratio, most=1.3, unit="x", detail=detail)]


def _expand(inside: Inside, page: int) -> dict[str, float]:
    campaign = inside.do("draft", page=page)
    inside.do("launch", campaign=campaign)
    expanded: dict[str, float] = inside.do("expand", campaign=campaign)
    return expanded


def _timed(lab: Lab, database: str, size: int, make: Callable[[Inside], dict[str, float]]) -> float:
    """Seconds, in a copy of the database that holds the opt-ins: nobody builds on what another one left."""
    with lab.copied(database) as installation, installation.inside() as inside:
        databases.checkpoint(lab.server)
        measured = make(inside)
    if measured["made"] != size:
        raise RuntimeError(f"{measured['made']} rows of {size}")
    return measured["seconds"]
