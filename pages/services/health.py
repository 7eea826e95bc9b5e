"""Looking after one page on Facebook: its token, its permissions, its events, its Get Started, its picture.

What can be put right without a person is: a lost subscription is asked for again. A dead token or a permission that was
taken away puts the page on hold, once. Nothing here lets a page go on but what it put right itself.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from pages.graph import accounts, debug, profile, subscriptions
from pages.graph.client import GraphError, GraphUnreachable
from pages.graph.debug import TokenFacts
from pages.models import Connection, Incident, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page, release_page
from pages.services.subscribing import greet, subscribe, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one look found. `problem` is why the look could not be taken to its end, in Facebook's words, or empty."""

    problem: str = ""
    is_valid: bool = True


def check(page: Page, now: datetime) -> Connection | None:
    """Asks Facebook, writes down what it says, and acts on it. None: the page has no connection to Facebook.

    While Facebook can't be reached nothing is concluded: the page goes on as it was.
    """
    connection = Connection.objects.filter(page=page, leaving_since=None).first()
    if connection is None:
        return None
    # As it is now: the caller's may be from before a reconnection.
    page = Page.objects.get(pk=page.pk)
    found = _look(page, now)
    Connection.objects.filter(page=page).update(checked_at=now, check_error=found.problem)
    connection.refresh_from_db()
    return connection


def _look(page: Page, now: datetime) -> Findings:
    if not page.token:
        hold_page(page=page, kind=IncidentKind.NO_TOKEN, detail="", now=now)
        Connection.objects.filter(page=page).update(token_is_valid=False)
        return Findings(is_valid=False)
    try:
        facts = debug.look_at(page.token)
        if not _may_be_used(page, facts, now):
            return Findings(is_valid=False)
        problem = _events(page, now)
        _looks(page)
    except GraphError as error:
        return _refused(page, error, now)
    except GraphUnreachable as error:
        return Findings(problem=words_of(error))
    return Findings(problem=problem)


def _may_be_used(page: Page, facts: TokenFacts, now: datetime) -> bool:
    """Writes down what Facebook says of the token, and holds the page that it no longer serves."""
    missing = facts.lacking(_wanted(), page_id=page.page_id) if facts.is_valid else ()
    Connection.objects.filter(page=page).update(
        token_is_valid=facts.is_valid,
        token_expires_at=facts.expires_at,
        data_access_expires_at=facts.data_access_expires_at,
        missing_permissions=list(missing),
    )
    if not facts.is_valid:
        hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail=facts.error, now=now)
        return False
    if needed := [scope for scope in missing if scope in debug.VITAL]:
        hold_page(page=page, kind=IncidentKind.MISSING_PERMISSION, detail=", ".join(needed), now=now)
        return False
    return True


def _wanted() -> tuple[str, ...]:
    """With a configuration of Facebook Login for Business, the scopes of the settings were asked of nobody."""
    asked = () if settings.FACEBOOK_CONFIG_ID else settings.FACEBOOK_SCOPES
    return tuple(dict.fromkeys([*debug.VITAL, *asked]))


def _events(page: Page, now: datetime) -> str:
    """Facebook ends a subscription after an hour in which it could not deliver; then it is asked for again."""
    problem, heard = "", subscriptions.fields(page.page_id, page.token)
    if set(settings.WEBHOOK_FIELDS) <= heard:
        Connection.objects.filter(page=page).update(missing_fields=[])
    else:
        problem = subscribe(page=page, now=now, heard=heard)
    waits = Incident.objects.filter(page=page, closed_at=None, kind=IncidentKind.NOT_SUBSCRIBED)
    if not problem and waits.exists():
        release_page(page=page, actor=None, now=now)
    return problem


def _looks(page: Page) -> None:
    """What customers see of the page; the picture's address changes, and is no reason for anything."""
    if profile.has_get_started(page.token):
        Connection.objects.filter(page=page).update(has_get_started=True)
    else:
        greet(page)
    found = accounts.profile(page.page_id, page.token)
    if found.picture_url and found.picture_url != page.picture_url:
        Page.objects.filter(pk=page.pk).update(picture_url=found.picture_url)


def _refused(page: Page, error: GraphError, now: datetime) -> Findings:
    """A token may die between two questions."""
    if error.token_is_dead:
        Connection.objects.filter(page=page).update(token_is_valid=False)
        hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail=words_of(error), now=now)
        return Findings(is_valid=False)
    return Findings(problem=words_of(error))
