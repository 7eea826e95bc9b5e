"""To each person one message after the other, and its parts in their order. In memory, for one holding of a page.

Only pages that are linked directly need it: there a message may be several calls, and the first one to a person says
that it is automated.
"""

from collections import deque
from dataclasses import dataclass, field, replace

from notifications.services.judging import Judged
from notifications.services.marking import Marked


@dataclass(slots=True)
class Turns:
    """`waiting` are messages behind another one to the same person, by PSID, each with its start."""

    waiting: dict[str, deque[tuple[Marked, float]]] = field(default_factory=dict)
    disclosed: set[str] = field(default_factory=set)
    behind: int = 0

    def begin(self, row: Marked, start: float) -> Marked | None:
        """The row as it is to be sent now; None while another message to its person is under way."""
        if row.parcel is None:
            return row
        if (others := self.waiting.get(row.parcel.psid)) is not None:
            others.append((row, start))
            self.behind += 1
            return None
        self.waiting[row.parcel.psid] = deque()
        return self._told(row)

    def note(self, judged: Judged) -> None:
        """An answer came; what was just disclosed needs no second time."""
        parcel = judged.marked.parcel
        if parcel and parcel.discloses and judged.goes_on:
            self.disclosed.add(parcel.psid)

    def end(self, row: Marked) -> tuple[Marked, float] | None:
        """This message is done with: the next one to the same person, if there is one."""
        if row.parcel is None:
            return None
        others = self.waiting[row.parcel.psid]
        if not others:
            del self.waiting[row.parcel.psid]
            return None
        self.behind -= 1
        following, start = others.popleft()
        return self._told(following), start

    def _told(self, row: Marked) -> Marked:
        if row.parcel and row.parcel.psid in self.disclosed:
            return replace(row, parcel=row.parcel.disclosed())
        return row
