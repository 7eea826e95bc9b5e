"""Questions about opt-ins."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr

from optins.states import OPTIN_MOVES, OptInState
from pages.append_only import AppendOnlyQuerySet
from pages.moves import MovingQuerySet

if TYPE_CHECKING:
    from optins.models import ConsentEvent, OptIn


class OptInQuerySet(MovingQuerySet["OptIn"]):
    moves = OPTIN_MOVES

    def active(self, now: datetime) -> "OptInQuerySet":
        """Those who may be written to at `now`; an expiry that passed counts, swept or not."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), state=OptInState.ACTIVE)

    def with_prefix(self, prefix: str) -> "OptInQuerySet":
        """Those whose customer_id begins with `prefix`, to the letter.

        SQLite's LIKE ignores the case of ASCII letters, so the letters are compared themselves as well.
        """
        if not prefix:
            return self.all()
        same = Substr("customer_id", 1, Length(models.Value(prefix)))
        return self.filter(customer_id__startswith=prefix).alias(_prefix=same).filter(_prefix=prefix)


class ConsentEventQuerySet(AppendOnlyQuerySet["ConsentEvent"]):
    pass
