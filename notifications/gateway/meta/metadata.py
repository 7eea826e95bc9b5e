"""What is written on each message that goes to Facebook, and comes back with its echo. Pure.

`ma1:{installation}:{delivery_id}:{part}`: Facebook repeats it in `message_echoes`, also where its answer to the call
was lost. Other installations and other applications write on the same page's messages, hence the installation's id.
At most 1,000 characters (Messenger Platform, "Send API", May 2026).
"""

import re
from dataclasses import dataclass
from uuid import UUID

# As PostgreSQL's bigint and smallint hold them.
_MOST_ID, _MOST_PART = 2**63 - 1, 2**15 - 1
_MARK = re.compile(r"ma1:([0-9a-f]{32}):([1-9][0-9]{0,18}):(0|[1-9][0-9]{0,4})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Which part of which delivery a message was, counted from 0, and whose delivery that is."""

    installation: UUID
    delivery_id: int
    part: int


def write(installation: UUID, delivery_id: int, part: int) -> str:
    return f"ma1:{installation.hex}:{delivery_id}:{part}"


def read(text: str) -> Mark | None:
    """None where somebody else wrote it, or nobody."""
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    installation, delivery_id, part = UUID(hex=found[1]), int(found[2]), int(found[3])
    if delivery_id > _MOST_ID or part > _MOST_PART:
        return None
    return Mark(installation=installation, delivery_id=delivery_id, part=part)
