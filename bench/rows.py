"""The table of goals: one row for each, printed and written as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`value` holds when it is at least `least`, or at most `most`; `detail` has the figures that it comes from."""

    name: str
    value: float
    least: float | None = None
    most: float | None = None
    unit: str = ""
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def goal(self) -> str:
        word, bound = ("at least", self.least) if self.least is not None else ("at most", self.most)
        return f"{word} {bound:g} {self.unit}".rstrip()

    @property
    def holds(self) -> bool:
        above = self.least is None or self.value >= self.least
        return above and (self.most is None or self.value <= self.most)

    def as_dict(self) -> dict[str, object]:
        rounded = round(self.value, 4)
        return {"name": self.name, "value": rounded, "goal": self.goal, "holds": self.holds, "detail": self.detail}


def middle(values: Sequence[float]) -> float:
    """The median, or zero of nothing: a measure that never came to an end does not hold."""
    return median(values) if values else 0.0


def rounded(values: Sequence[float], digits: int = 1) -> list[float]:
    return [round(value, digits) for value in values]


def table(rows: Sequence[Row]) -> str:
    """In Markdown, as docs/performance.md has it."""
    cells: list[tuple[str, ...]] = [("measure", "value", "goal", "holds")]
    cells += [
        (row.name, f"{row.value:,.2f} {row.unit}".rstrip(), row.goal, "yes" if row.holds else "NO") for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    cells.insert(1, tuple("-" * width for width in widths))
    return "\n".join(_line(line, widths) for line in cells)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text.ljust(width) for text, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def write(rows: Sequence[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([row.as_dict() for row in rows], indent=1) + "\n")
