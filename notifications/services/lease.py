"""One pump per page: a lease with a fencing number, kept by the database and timed by its clock."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from notifications.models import Lease
from notifications.services import sql

# By hand, since it goes with every batch. The names of what is written with it are the caller's constants.
_RENEW = """
UPDATE notifications_lease SET expires_at = {until}{more} WHERE page_id = %(page)s AND fence = %(fence)s
RETURNING page_id
"""


def _from_now(seconds: float) -> Combinable:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def seconds_awake_or_not() -> float:
    """A clock that no one can set and that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True)
class Held:
    """A lease in our hands. `stands()` is what this process may believe without asking the database."""

    page_pk: int
    fence: int
    believed_until: float

    def stands(self) -> bool:
        return seconds_awake_or_not() < self.believed_until


def acquire(*, page_pk: int, holder: str, fence: int | None = None) -> Held | None:
    """The page's lease with the next fence, unless somebody else's still runs, or the last one was not `fence`."""
    Lease.objects.get_or_create(page_id=page_pk, defaults={"expires_at": Now()})
    asked_at = seconds_awake_or_not()
    last = Q() if fence is None else Q(fence=fence)
    free = Lease.objects.filter(last, pk=page_pk, expires_at__lte=Now())
    with transaction.atomic():
        # Whoever froze in the middle of a transaction keeps its lock: waiting for it would hold up every other page.
        if not free.select_for_update(skip_locked=True).exists():
            return None
        won = free.update(fence=F("fence") + 1, holder=holder, expires_at=_from_now(settings.LEASE_SECONDS))
    if not won:
        return None
    # `holder` names this one holding: another one's row would be somebody else's lease already.
    mine = Lease.objects.filter(pk=page_pk, holder=holder).values_list("fence", flat=True).first()
    return None if mine is None else Held(page_pk, mine, asked_at + settings.LEASE_SECONDS)


def renew(held: Held, **changes: object) -> bool:
    """Prolongs the lease and writes `changes` with it. False: another pump has a newer fence."""
    asked_at = seconds_awake_or_not()
    statement = _RENEW.format(until=sql.from_now("seconds"), more="".join(f", {name} = %({name})s" for name in changes))
    values = {"seconds": settings.LEASE_SECONDS, "page": held.page_pk, "fence": held.fence, **changes}
    kept = sql.run(statement, values)
    held.believed_until = asked_at + settings.LEASE_SECONDS if kept else asked_at
    return bool(kept)


def release(held: Held) -> None:
    """Ends the lease at once, so that the next pump need not wait."""
    Lease.objects.filter(pk=held.page_pk, fence=held.fence).update(expires_at=Now(), holder="")
