"""Facebook enforces its policies on a page: it warns, blocks, or lets it send again.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messaging_policy_enforcement
Events come in any order and again; what was said later counts, whenever it came.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pages import audit
from pages.events import PolicyEnforced
from pages.models import Connection, Incident, Page, WebhookEvent
from pages.models.incident import IncidentKind
from pages.models.webhook import EventState
from pages.services.incidents import hold_page, release_page
from pages.webhooks.members import mapping, text
from pages.webhooks.parsing import KINDS

BLOCK, UNBLOCK = "block", "unblock"


def enforce(*, page: Page, event: PolicyEnforced, now: datetime) -> None:
    """Facebook's words go to the page's connection; a block and its end move the page too. Call it in a transaction."""
    # One after the other, so that each sees what the other did.
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    if _is_outdated(event):
        return
    audit.record(actor=None, action="page.policy_enforced", subject=page, enforced=event.action, reason=event.reason)
    if event.action == UNBLOCK:
        _let_go(page, now)
        return
    blocked = {"restricted_at": event.at} if event.action == BLOCK else {}
    Connection.objects.filter(page=page).update(restriction=event.reason, **blocked)
    if event.action == BLOCK:
        hold_page(page=page, kind=IncidentKind.RESTRICTED, detail=event.reason, now=now)


def _let_go(page: Page, now: datetime) -> None:
    """A page that another incident holds as well stays where it is."""
    Connection.objects.filter(page=page).update(restricted_at=None, restriction="")
    if Incident.objects.filter(page=page, kind=IncidentKind.RESTRICTED, closed_at=None).exists():
        release_page(page=page, actor=None, now=now)


def _is_outdated(event: PolicyEnforced) -> bool:
    """A later warning takes nothing back; a later block, or its end, does."""
    rows = WebhookEvent.objects.filter(page_id=event.page_id, kind=KINDS[PolicyEnforced], state=EventState.DONE)
    later = rows.filter(happened_at__gt=event.at).values_list("body", flat=True)
    return any(_action_in(body) in {BLOCK, UNBLOCK} for body in later)


def _action_in(body: Mapping[str, Any]) -> str:
    told = body.get("policy_enforcement", body.get("policy-enforcement"))
    return text(mapping(told).get("action")).lower()
