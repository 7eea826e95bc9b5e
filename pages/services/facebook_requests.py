"""What Facebook asks in somebody's name: to lose the access that a login gave, or to forget who logged in."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from pages import audit
from pages.models import Connection, FacebookLogin, FacebookRequest, Page
from pages.models.facebook import RequestKind
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page


def deauthorise(*, user_id: str, digest: str, now: datetime) -> FacebookRequest:
    """The pages whose token came from this person's login lose it and wait for somebody to reconnect them."""
    return _once(RequestKind.DEAUTHORISED, digest, user_id, now, _disconnect)


def forget(*, user_id: str, digest: str, now: datetime) -> FacebookRequest:
    """The same, and nothing here names the person any more. The request itself stays, without the id."""
    return _once(RequestKind.DELETION, digest, user_id, now, _forget)


def _once(
    kind: RequestKind, digest: str, user_id: str, now: datetime, act: Callable[[str, datetime], dict[str, int]]
) -> FacebookRequest:
    """Facebook repeats itself: the same request has the same code, and is carried out once."""
    try:
        with transaction.atomic():
            asked = FacebookRequest.objects.create(
                code=secrets.token_urlsafe(18), kind=kind, facebook_user_id=user_id, digest=digest, asked_at=now
            )
            asked.outcome = act(user_id, now)
            asked.done_at = now
            if kind == RequestKind.DELETION:
                asked.facebook_user_id = ""
            asked.save(update_fields=["outcome", "done_at", "facebook_user_id"])
            return asked
    except IntegrityError:
        return FacebookRequest.objects.get(digest=digest)


def _disconnect(user_id: str, now: datetime) -> dict[str, int]:
    pages = list(Page.objects.filter(connection__facebook_user_id=user_id))
    for page in pages:
        hold_page(page=page, kind=IncidentKind.DISCONNECTED, detail="", now=now)
        Page.objects.filter(pk=page.pk).update(token="")
        Connection.objects.filter(page=page).update(token_is_valid=False, checked_at=now)
        audit.record(actor=None, action="page.disconnected", subject=page)
    logins = FacebookLogin.objects.filter(facebook_user_id=user_id, ended_at=None)
    logins.update(offered="", ended_at=now)
    return {"pages": len(pages)}


def _forget(user_id: str, now: datetime) -> dict[str, int]:
    outcome = _disconnect(user_id, now)
    logins, _models = FacebookLogin.objects.filter(facebook_user_id=user_id).delete()
    Connection.objects.filter(facebook_user_id=user_id).update(facebook_user_id="", facebook_user_name="")
    FacebookRequest.objects.filter(facebook_user_id=user_id, done_at__isnull=False).update(facebook_user_id="")
    return {**outcome, "logins": logins}
