"""Taking in a file of opt-ins, against telling of them one by one.

A COPY into a bare table stands in the details: it judges nothing, and writes one row where an import writes three.
"""

from bench.lab import Lab
from bench.rows import Row, middle, rounded

ROWS = 100_000
# Told one by one: enough of them to know how long one takes.
TOLD = 5_000
FEW = 10_000
ROUNDS = 3


def measure(lab: Lab) -> list[Row]:
    rows, told, few = lab.of(ROWS), lab.of(TOLD), lab.of(FEW)
    found: list[dict[str, float]] = []
    for _ in lab.rounds(ROUNDS):
        small, large = _imported(lab, few), _imported(lab, rows)
        with lab.installed() as installation, installation.inside() as inside:
            page = int(inside.do("page", optins=0)["pk"])
            one = inside.do("agree_one_by_one", page=page, rows=told) / told
            copied = inside.do("copy_plainly", rows=rows) / rows
        took = (large["checked"] + large["ran"]) / rows
        found.append(
            {
                "against_one_by_one": one / took,
                "against_copy": took / copied,
                "memory": large["megabytes"] / small["megabytes"],
                "checked_per_second": rows / large["checked"],
                "run_per_second": rows / large["ran"],
                "megabytes": large["megabytes"],
            }
        )
        lab.say(f"{found[-1]}")
    detail: dict[str, object] = {name: rounded([each[name] for each in found], 2) for name in found[0]}
    detail["rows"] = rows
    return [
        Row(
            name="import, dry run and run, against agreeing one by one",
            value=middle([each["against_one_by_one"] for each in found]),
            least=10,
            unit="x",
            detail=detail,
        ),
        Row(
            name="memory of an import, 100,000 against 10,000",
            value=middle([each["memory"] for each in found]),
            most=1.1,
            unit="x",
            detail=detail,
        ),
    ]


def _imported(lab: Lab, rows: int) -> dict[str, float]:
    """In an installation, and so a process, of its own: the highest mark of its memory is this file's."""
    with lab.installed() as installation, installation.inside() as inside:
        page = int(inside.do("page", optins=0)["pk"])
        measured: dict[str, float] = inside.do("import_file", page=page, rows=rows)
        return measured
