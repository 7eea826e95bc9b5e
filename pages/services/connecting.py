"""Linking pages with what a login gave: all that were chosen or none, in one transaction, and then Facebook is told.

A page begins on hold, with an incident that says so: until Facebook sends its events nobody's STOP would be heard. The
subscription is asked for once the links stand, since it can't be rolled back; where it fails, or this process dies, the
page waits, says why, and *Check now* tries again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages import audit
from pages.models import Connection, FacebookLogin, Incident, Page, Site
from pages.models.incident import IncidentKind
from pages.services import logins, offers
from pages.services.incidents import restate
from pages.services.links import PageHeld, link_page, lock_sites
from pages.services.logins import LoginFailed, Trouble
from pages.services.offers import OfferedPage
from pages.states import GatewayKind, PageState

# Who waits for an answer this long is told by e-mail; before that it is only the time that Facebook takes.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    page: OfferedPage
    site: Site


def connect(*, login: FacebookLogin, chosen: Sequence[Chosen], actor: AbstractBaseUser, now: datetime) -> list[Page]:
    """The pages, linked, on hold until they are subscribed. Raises CannotLink or LoginFailed; then nothing was done."""
    with transaction.atomic():
        if not logins.end(login, now=now):
            raise LoginFailed(Trouble.OVER)
        lock_sites([one.site for one in chosen])
        # Everybody takes pages in this order, so that nobody waits in a circle.
        return [_connect(one, login, actor, now) for one in sorted(chosen, key=lambda one: one.page.page_id)]


def reconnect(*, login: FacebookLogin, page: Page, actor: AbstractBaseUser, now: datetime) -> Page:
    """Gives the page the token of this login. Raises LoginFailed where the person has no such page any more."""
    offered = next((one for one in offers.read(login) if one.page_id == page.page_id), None)
    with transaction.atomic():
        if not logins.end(login, now=now):
            raise LoginFailed(Trouble.OVER)
        if offered is None or not offered.is_complete:
            raise LoginFailed(Trouble.NOT_OFFERED)
        fresh = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
        if fresh.open_link is None:
            raise LoginFailed(Trouble.NOT_OFFERED)
        _keep(fresh, offered, login, now)
        restate(page=fresh, kind=IncidentKind.NOT_SUBSCRIBED)
        audit.record(actor=actor, action="page.reconnected", subject=fresh)
        return fresh


def _connect(one: Chosen, login: FacebookLogin, actor: AbstractBaseUser, now: datetime) -> Page:
    page, _made = Page.objects.defer("token").get_or_create(
        page_id=one.page.page_id, defaults={"name": one.page.name, "gateway": GatewayKind.META}
    )
    link = link_page(page=page, site=one.site, actor=actor, now=now)
    if link.opened_at != now or link.opened_by_id != actor.pk:
        # Somebody else linked the same page to the same site a moment ago, with a login of their own.
        raise PageHeld(page, link.site)
    _keep(page, one.page, login, now)
    _wait_for_events(page, now)
    audit.record(actor=actor, action="page.connected", subject=page, facebook_user=login.facebook_user_id)
    return page


def _keep(page: Page, offered: OfferedPage, login: FacebookLogin, now: datetime) -> None:
    page.gateway, page.token = GatewayKind.META, offered.token
    page.picture_url = offered.picture_url
    page.save(update_fields=["gateway", "token", "picture_url"])
    Connection.objects.update_or_create(
        page=page,
        defaults={
            "facebook_user_id": login.facebook_user_id,
            "facebook_user_name": login.facebook_user_name,
            "connected_at": now,
            "checked_at": None,
            "token_is_valid": True,
            "token_expires_at": None,
            "data_access_expires_at": None,
            "missing_permissions": [],
            "missing_fields": list(settings.WEBHOOK_FIELDS),
            "check_error": "",
            "warned_at": None,
            "leaving_token": "",
            "leaving_since": None,
            "leaving_tried_at": None,
        },
    )


def _wait_for_events(page: Page, now: datetime) -> None:
    """Whatever had stopped a page that was here before is over with its new token."""
    kind = IncidentKind.NOT_SUBSCRIBED
    if Page.objects.filter(pk=page.pk).move(PageState.ON_HOLD):
        Incident.objects.create(page=page, kind=kind, opened_at=now, tell_at=now + PATIENCE)
    else:
        restate(page=page, kind=kind)
    page.state = PageState.ON_HOLD
