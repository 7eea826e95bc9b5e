"""Who presents an API token, and what it opens: asked for every request.

A revocation takes effect at once, in every process: `find` asks the database each time. `find_cached` may be some
seconds behind, and so is for a caller alone whose own statement asks again, by
`ApiToken.objects.valid(now).opening(page).filter(pk=access.token_pk)`, as the one that inserts a delivery can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, FilteredRelation, Q

from pages import api_secrets, audit
from pages.models import ApiToken, Page
from pages.scopes import Scope, known

CACHED_FOR = timedelta(seconds=5)
CACHED_AT_MOST = 1_000
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a token opened at `found_at`: `pages` are the keys of the pages it may use, as they are linked then."""

    token_pk: int
    digest: str = field(repr=False)
    name: str
    scopes: frozenset[Scope]
    pages: frozenset[int]
    requests_per_second: int
    expires_at: datetime | None
    last_used_at: datetime | None
    flagged_on: date | None
    found_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return now - self.found_at < CACHED_FOR and (self.expires_at is None or now < self.expires_at)


# By digest; the secret itself is kept nowhere. Only what was found: whoever guesses fills no memory.
_found: dict[str, Access] = {}


def find(secret: str, *, now: datetime) -> Access | None:
    """The access of a token that holds, or None. One query; none for what can't be a token; once a minute a write."""
    if not api_secrets.is_well_formed(secret):
        return None
    return _look_up(api_secrets.digest(secret), now)


def find_cached(secret: str, *, now: datetime) -> Access | None:
    """The same from this process's memory, up to `CACHED_FOR` old."""
    digest = api_secrets.digest(secret)
    access = _found.get(digest)
    if access and access.is_fresh(now):
        return access
    return _look_up(digest, now) if api_secrets.is_well_formed(secret) else None


def _look_up(digest: str, now: datetime) -> Access | None:
    access = _read(digest, now)
    if access is None:
        _found.pop(digest, None)
        return None
    if len(_found) >= CACHED_AT_MOST:
        _found.clear()
    _found[digest] = access
    _note_use(access, now)
    return access


def _read(digest: str, now: datetime) -> Access | None:
    """One row for each binding; `opened` is the page that the binding's site holds, if any."""
    links = FilteredRelation("bindings__site__links", condition=Q(bindings__site__links__closed_at=None))
    tokens = ApiToken.objects.valid(now).filter(sha256=digest)
    rows = tokens.annotate(link=links, opened=F("link__page"), narrowed=F("bindings__page")).values()
    return _access(list(rows), now)


def _access(rows: Sequence[Mapping[str, Any]], now: datetime) -> Access | None:
    if not rows:
        return None
    token = rows[0]
    opened = (row["opened"] for row in rows if row["narrowed"] in (None, row["opened"]))
    return Access(
        token_pk=token["id"],
        digest=token["sha256"],
        name=token["name"],
        scopes=known(token["scopes"]),
        pages=frozenset(page for page in opened if page is not None),
        requests_per_second=token["requests_per_second"],
        expires_at=token["expires_at"],
        last_used_at=token["last_used_at"],
        flagged_on=token["flagged_on"],
        found_at=now,
    )


def may_use(access: Access, page: Page) -> bool:
    """Whether the token opens the page; where it doesn't, the answer is 403, whatever there is."""
    return page.pk in access.pages


def forget(token: ApiToken) -> None:
    """Takes the token out of this process's memory; other processes find out within `CACHED_FOR`."""
    _found.pop(token.sha256, None)


def _note_use(access: Access, now: datetime) -> None:
    """However many processes ask, the row is written about once a minute: the first of them moves the time on."""
    due = now - SEEN_EVERY
    if access.last_used_at is None or access.last_used_at <= due:
        unseen = Q(last_used_at=None) | Q(last_used_at__lte=due)
        ApiToken.objects.filter(unseen, pk=access.token_pk).update(last_used_at=now)


def note_query_string(access: Access, *, now: datetime) -> None:
    """Writes down, once a day for each token, that it came in the address, where proxies and browsers keep it."""
    today = now.date()
    if access.flagged_on == today:
        return
    with transaction.atomic():
        unflagged = Q(flagged_on=None) | Q(flagged_on__lt=today)
        if ApiToken.objects.filter(unflagged, pk=access.token_pk).update(flagged_on=today):
            audit.record(actor=None, action="token.used_in_query_string", subject=ApiToken(pk=access.token_pk))
