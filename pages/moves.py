"""How every state machine of the project moves: one table of legal moves, one compare-and-set."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
# From each state, where it may go. A state without an entry is final.
Moves = Mapping[str, frozenset[str]]


def origins(moves: Moves, to: str) -> frozenset[str]:
    """The states from which `to` may be reached in one move."""
    return frozenset(state for state, targets in moves.items() if to in targets)


class IllegalMove(ValueError):
    """The code asked for a move that the table doesn't hold; a mistake of ours, never of a person."""


class MovingQuerySet(models.QuerySet[M]):
    """A queryset whose rows change state by `move`, and by nothing else."""

    moves: ClassVar[Moves] = {}

    def move(self, to: str, *, frm: str | None = None, **changes: Any) -> int:
        """Moves those rows that may, from `frm` or from any legal origin; returns how many did.

        A row that another connection moved first no longer matches: that one won, and this counts one less.
        """
        return self._may_move(to, frm).update(state=to, **changes)

    def about_to_move(self, to: str, frm: str | None = None) -> Self:
        """The rows that `move` would move, locked in the order of their ids: nobody else moves them meanwhile."""
        return self._may_move(to, frm).order_by("pk").select_for_update(of=("self",), no_key=True)

    def _may_move(self, to: str, frm: str | None) -> Self:
        legal = origins(self.moves, to)
        if frm is not None and frm not in legal:
            raise IllegalMove(f"{self.model.__name__}: {frm} -> {to}")
        return self.filter(state__in=legal if frm is None else (frm,))
