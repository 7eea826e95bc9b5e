"""How often a token may be used: its own pace, over all web processes and machines together."""

from datetime import datetime

from django.db.models import Case, F, Q, Value, When

from pages.models import ApiToken
from pages.rate_limits import BURST, Portion, Purse
from pages.services.api_tokens import Access

PURSES_AT_MOST = 1_000

# By digest. What is thrown away with a purse is a tenth of a second's worth at most.
_purses: dict[str, Purse] = {}


def allow(access: Access, *, now: datetime) -> float:
    """0 when one more request may be answered, else the seconds until it may be tried again.

    At most ten statements a second for each token and process, however many requests come: granted ones are taken in
    portions, and a refusal is remembered until it is over. After a pause each process may have a portion left, so the
    first second can hold a tenth more for each of them. Ask before a transaction begins: the token's row would stay
    locked until its end.
    """
    if len(_purses) > PURSES_AT_MOST:
        _purses.clear()
    purse = _purses.setdefault(access.digest, Purse())
    wait = purse.spend(now)
    if wait is not None:
        return wait.total_seconds()
    return _ask(access, purse, now)


def _ask(access: Access, purse: Purse, now: datetime) -> float:
    portion = Portion.of(access.requests_per_second)
    if _take(access, portion, now):
        purse.put(portion.requests - 1)
        return 0.0
    granted_until = ApiToken.objects.filter(pk=access.token_pk).values_list("granted_until", flat=True).first()
    wait = max(portion.wait(granted_until or now, now), portion.time / portion.requests)
    purse.refuse(now + wait)
    return wait.total_seconds()


def _take(access: Access, portion: Portion, now: datetime) -> bool:
    """Moves the point on by one portion, from now if it lies behind; whoever comes too late moves nothing."""
    reached = Q(granted_until=None) | Q(granted_until__lte=now + BURST - portion.time)
    further = When(granted_until__gt=now, then=F("granted_until") + portion.time)
    moved = Case(further, default=Value(now + portion.time))
    return bool(ApiToken.objects.filter(reached, pk=access.token_pk).update(granted_until=moved))
