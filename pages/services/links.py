"""One page, one SID: opening and closing links, whoever asks at the same instant."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from pages import audit
from pages.models import Link, Page, Site
from pages.signals import page_resumed


class CannotLink(Exception):
    """The link would break "one page, one SID"; `str()` says who holds the other end and the way out."""


class PageHeld(CannotLink):
    def __init__(self, page: Page, site: Site) -> None:
        self.page, self.site = page, site
        super().__init__(
            _("This page already belongs to %(site)s. Unlink it there first.") % {"site": f"{site.name} ({site.sid})"}
        )


class SiteHeld(CannotLink):
    def __init__(self, site: Site, page: Page) -> None:
        self.site, self.page = site, page
        super().__init__(
            _("%(site)s already has the page %(page)s. Unlink that page first.")
            % {"site": f"{site.name} ({site.sid})", "page": f"{page.name} ({page.page_id})"}
        )


class NotLinked(CannotLink):
    def __init__(self, page: Page) -> None:
        self.page = page
        super().__init__(_("%(page)s belongs to no site any more.") % {"page": page.name})


def link_page(*, page: Page, site: Site, actor: AbstractBaseUser | None, now: datetime) -> Link:
    """Opens the link. Raises PageHeld or SiteHeld when another one is open; asking again for the same is harmless."""
    try:
        return _open(page, site, actor, now)
    except IntegrityError:
        # Somebody holds one end, or did until this instant.
        return _already_open(page, site) or _open(page, site, actor, now)


def _open(page: Page, site: Site, actor: AbstractBaseUser | None, now: datetime) -> Link:
    with transaction.atomic():
        link = Link.objects.create(page=page, site=site, opened_at=now, opened_by_id=actor.pk if actor else None)
        audit.record(actor=actor, action="page.linked", subject=page, sid=site.sid)
        page_resumed.send(sender=Page, page=page)
        return link


def _already_open(page: Page, site: Site) -> Link | None:
    """The open link when it is the one asked for, or the refusal that names its holder; None when nobody is left."""
    of_page = Link.objects.open().filter(page=page).select_related("site").first()
    if of_page and of_page.site_id == site.pk:
        return of_page
    if of_page:
        raise PageHeld(page, of_page.site)
    of_site = Link.objects.open().filter(site=site).select_related("page").first()
    if of_site:
        raise SiteHeld(site, of_site.page)
    return None


def unlink_page(*, page: Page, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Closes the open link, which stays as history; nothing leaves from an unlinked page. False: none was open."""
    with transaction.atomic():
        closed = Link.objects.open().filter(page=page).update(closed_at=now, closed_by_id=actor.pk if actor else None)
        if closed:
            audit.record(actor=actor, action="page.unlinked", subject=page)
        return bool(closed)


def move_page(*, page: Page, site: Site, actor: AbstractBaseUser | None, now: datetime) -> Link:
    """Closes the page's link and opens one to `site`, both or neither. Raises SiteHeld, or NotLinked.

    The page is nobody's at no instant: `owner_at` has an answer for each.
    """
    with transaction.atomic():
        lock_sites([site])
        old = Link.objects.open().filter(page=page).select_related("site").select_for_update(of=("self",)).first()
        if old is None:
            raise NotLinked(page)
        if old.site_id == site.pk:
            return old
        Link.objects.filter(pk=old.pk).update(closed_at=now, closed_by_id=actor.pk if actor else None)
        new = link_page(page=page, site=site, actor=actor, now=now)
        audit.record(actor=actor, action="page.moved", subject=page, left=old.site.sid, joined=site.sid)
        return new


def lock_sites(sites: Iterable[Site]) -> None:
    """In one order for all: whoever links several at once would otherwise wait for each other for ever."""
    locked = Site.objects.filter(pk__in=[site.pk for site in sites]).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk"))


def owner_at(page: Page, when: datetime) -> Site | None:
    """The site that the page belonged to at that instant; at the instant of a move, the new one."""
    ended = Q(closed_at=None) | Q(closed_at__gt=when)
    link = Link.objects.filter(ended, page=page, opened_at__lte=when).select_related("site").order_by("-id").first()
    return link.site if link else None
