"""The columns of a file of opt-ins, and how a cell is written so that no spreadsheet calculates it, for both ways."""

import re
from collections.abc import Iterable

# What an export writes, in this order, before the attributes. Times are ISO 8601 with their distance from UTC,
# `used_up` is `yes` or `no`, and the other words are those of `optins/states.py`. A row whose `state` is given and is
# not `active` is no agreement any more: an import refuses it.
COLUMNS = (
    "customer_id",
    "psid",
    "state",
    "agreed_at",
    "expires_at",
    "ended_at",
    "purpose",
    "lifetime",
    "used_up",
    "source",
    "proof",
)
ATTRIBUTE = "attribute."

# Excel takes a file for UTF-8 by this mark, and without it for the machine's own alphabet.
MARK = "\ufeff"

# What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"), behind any apostrophes.
_FORMULA = re.compile("'*[=+\\-@\\t\\r\\n＝＋－＠]")


def columns(attributes: Iterable[str]) -> list[str]:
    """The first row of a file with a column for each of `attributes`."""
    return [*COLUMNS, *(guarded(ATTRIBUTE + name) for name in attributes)]


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what would be calculated; `unguarded` gives it back to the letter.

    What has apostrophes of its own before such a beginning gets one more: nothing else could be told apart.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`; one that was never guarded is as it is, unless it looks guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
