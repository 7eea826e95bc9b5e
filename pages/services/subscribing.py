"""Telling Facebook that the app wants a page's events, and that newcomers see Get Started.

Called outside any transaction, for a page whose token is stored. Asking again is harmless.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from pages.graph import profile, subscriptions
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Connection, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page, release_page, restate

# By word of mouth, and by a button.
STOPS_COME_BY = frozenset({"messages", "messaging_postbacks"})


def open_up(*, page: Page, actor: AbstractBaseUser | None, now: datetime) -> str:
    """After a login: subscribes the page and lets it send, whatever had stopped it. Returns what `subscribe` does."""
    problem = subscribe(page=page, now=now)
    if not problem:
        greet(page)
        release_page(page=page, actor=actor, now=now)
    return problem


def subscribe(*, page: Page, now: datetime, heard: frozenset[str] = frozenset()) -> str:
    """Returns what Facebook said where it did not subscribe the page, or nothing. `heard` are fields that come already.

    Without its events a page stays on hold, or goes on hold: nobody's STOP would be heard.
    """
    try:
        subscriptions.subscribe(page.page_id, page.token, settings.WEBHOOK_FIELDS)
    except (GraphError, GraphUnreachable) as error:
        words = words_of(error)
        missing = [name for name in settings.WEBHOOK_FIELDS if name not in heard]
        Connection.objects.filter(page=page).update(check_error=words, missing_fields=missing)
        if not heard >= STOPS_COME_BY and not hold_page(page=page, kind=_kind(error), detail=words, now=now):
            restate(page=page, kind=_kind(error), detail=words, of=IncidentKind.NOT_SUBSCRIBED)
        return words
    Connection.objects.filter(page=page).update(missing_fields=[], check_error="")
    return ""


def greet(page: Page) -> bool:
    """Sets Get Started where it isn't set. A page without it sends all the same: newcomers' links bring no opt-in."""
    try:
        if not profile.has_get_started(page.token):
            profile.set_get_started(page.token)
        is_set = True
    except (GraphError, GraphUnreachable):
        is_set = False
    Connection.objects.filter(page=page).update(has_get_started=is_set)
    return is_set


def words_of(error: GraphError | GraphUnreachable) -> str:
    if isinstance(error, GraphError):
        number = f"{error.code}/{error.subcode}" if error.subcode else str(error.code)
        return f"{number}: {error}"
    return str(error)


def _kind(error: GraphError | GraphUnreachable) -> IncidentKind:
    if isinstance(error, GraphError) and error.token_is_dead:
        return IncidentKind.TOKEN_REFUSED
    if isinstance(error, GraphError) and error.lacks_permission:
        return IncidentKind.MISSING_PERMISSION
    return IncidentKind.NOT_SUBSCRIBED
