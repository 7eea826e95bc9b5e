"""Putting a page on hold, once, however many answers say the same; and letting it go on."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages import audit
from pages.models import Incident, Page
from pages.models.incident import IncidentKind
from pages.signals import page_resumed
from pages.states import PageState


def hold_page(*, page: Page, kind: str, detail: str, now: datetime) -> bool:
    """Stops the page's sending and opens its incident. False: it was on hold already, or is mended already.

    `page` is as it was when the trouble began: a token that was entered since then is not to blame.
    """
    with transaction.atomic():
        today = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
        if today.token != page.token or not Page.objects.filter(pk=page.pk).move(PageState.ON_HOLD):
            return False
        Incident.objects.create(page=page, kind=kind, detail=detail, opened_at=now)
        audit.record(actor=None, action="page.held", subject=page, kind=kind)
        return True


def restate(*, page: Page, kind: str, detail: str = "", of: str = "") -> bool:
    """Says of the open incident, of the kind `of` alone if that is given, what is known by now."""
    incidents = Incident.objects.filter(page=page, closed_at=None, **({"kind": of} if of else {}))
    return bool(incidents.update(kind=kind, detail=detail))


def release_readable(*, now: datetime) -> int:
    """Lets pages go on whose token could not be decrypted and can be again; returns how many."""
    held = Page.objects.filter(incidents__kind=IncidentKind.UNREADABLE_TOKEN, incidents__closed_at=None)
    return sum(release_page(page=page, actor=None, now=now) for page in held if page.token)


def release_page(*, page: Page, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Closes the incident and lets the page send again. False: it was not on hold."""
    with transaction.atomic():
        if not Page.objects.filter(pk=page.pk).move(PageState.ACTIVE):
            return False
        Incident.objects.filter(page=page, closed_at=None).update(closed_at=now)
        audit.record(actor=actor, action="page.released", subject=page)
        page_resumed.send(sender=Page, page=page)
        return True
