"""Utility templates: Facebook's own copy is the truth, and this keeps up with it.

Facebook is asked outside any transaction; what it said is written in one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from notifications.models import LookTrouble, TemplateLook, TemplateStatus, UtilityTemplate
from notifications.payloads.utility import Draft, creation
from pages import audit
from pages.events import TemplateStatusChanged
from pages.graph import templates as graph
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Page
from pages.states import GatewayKind

S = TemplateStatus
# Facebook's other words (WhatsApp and Messenger share them). One that nobody knows is not taken for a leave to send.
WORDS: Final[Mapping[str, TemplateStatus]] = {
    **{status.value: status for status in S if status is not S.GONE},
    "FLAGGED": S.APPROVED,
    "REINSTATED": S.APPROVED,
    "IN_APPEAL": S.REJECTED,
    "LIMIT_EXCEEDED": S.REJECTED,
    "IN_REVIEW": S.PENDING,
    "PENDING_DELETION": S.GONE,
    "DELETED": S.GONE,
}
# Facebook's clock and ours may differ by so much, and events come in any order within it.
LEEWAY = timedelta(minutes=5)


class NotLinked(Exception):
    """The page does not go through Facebook directly, or has no token: there is nobody to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """How many templates the page has on Facebook, and how many left since the last look."""

    found: int
    gone: int


def can_ask(page: Page) -> bool:
    return page.gateway == GatewayKind.META and bool(page.token)


def sync(*, page: Page, now: datetime, actor: AbstractBaseUser | None = None) -> Synced:
    """Raises NotLinked, GraphError or GraphUnreachable, having changed nothing."""
    found = list(graph.templates(page.page_id, _token(page)))
    with transaction.atomic():
        for template in found:
            _write(page, template, now)
        # What was created while Facebook was listing is younger than the listing.
        known = UtilityTemplate.objects.filter(page=page, synced_at__lt=now).exclude(status=S.GONE)
        gone = known.update(status=S.GONE, reason="", synced_at=now)
        if actor:
            audit.record(actor=actor, action="template.synchronised", subject=page, found=len(found), gone=gone)
        TemplateLook.objects.update_or_create(page=page, defaults={"looked_at": now, "trouble": "", "detail": ""})
    return Synced(found=len(found), gone=gone)


def keep_up(*, page: Page, now: datetime) -> None:
    """Synchronises what nobody asked for, and keeps why it could not."""
    if not can_ask(page):
        return
    try:
        sync(page=page, now=now)
    except (GraphError, GraphUnreachable) as error:
        trouble = trouble_of(error)
        detail = str(error)[:500] if trouble is LookTrouble.REFUSED else ""
        known = {"looked_at": now, "trouble": trouble, "detail": detail}
        TemplateLook.objects.update_or_create(page=page, defaults=known)


def trouble_of(error: GraphError | GraphUnreachable) -> LookTrouble:
    if isinstance(error, GraphUnreachable):
        return LookTrouble.UNREACHABLE
    if error.token_is_dead:
        return LookTrouble.TOKEN
    if error.lacks_permission:
        return LookTrouble.PERMISSION
    return LookTrouble.BUSY if error.passes else LookTrouble.REFUSED


def create(*, page: Page, draft: Draft, actor: AbstractBaseUser | None, now: datetime) -> UtilityTemplate:
    """`draft` has no problems. Raises NotLinked, GraphError or GraphUnreachable.

    Where no answer came Facebook may have it all the same: the next synchronisation tells.
    """
    made = graph.create(page.page_id, _token(page), creation(draft))
    with transaction.atomic():
        row = _write(page, made, now)
        UtilityTemplate.objects.filter(pk=row.pk).update(created_by=actor.pk if actor else None, created_at=now)
        audit.record(actor=actor, action="template.created", subject=row, page=page.page_id, name=str(row))
    return row


def delete(*, template: UtilityTemplate, actor: AbstractBaseUser | None, now: datetime) -> None:
    """It stays here as gone: deliveries were sent by it. Raises NotLinked, GraphError or GraphUnreachable."""
    page = template.page
    graph.delete(page.page_id, _token(page), template_id=template.facebook_id, name=template.name)
    with transaction.atomic():
        UtilityTemplate.objects.filter(pk=template.pk).update(status=S.GONE, reason="", synced_at=now)
        audit.record(actor=actor, action="template.deleted", subject=template, page=page.page_id, name=str(template))


def heard(*, page: Page, event: TemplateStatusChanged, now: datetime) -> bool:
    """A status that Facebook told by webhook; whether it changed anything. Of a template that is not here the next
    synchronisation tells.
    """
    status, reason = _status(event.status, event.reason)
    rows = UtilityTemplate.objects.filter(page=page, synced_at__lte=event.at + LEEWAY).exclude(status=S.GONE)
    named = Q(facebook_id="") | Q(facebook_id=event.template_id) if event.template_id else Q()
    rows = rows.filter(named, name=event.name, language=event.language)
    if status is S.PENDING:
        # Told late: it has been decided meanwhile.
        rows = rows.filter(status=S.PENDING)
    return bool(rows.update(status=status, reason=reason, synced_at=now))


def _token(page: Page) -> str:
    if not can_ask(page):
        raise NotLinked
    return page.token


def _write(page: Page, template: graph.Template, now: datetime) -> UtilityTemplate:
    status, reason = _status(template.status or S.PENDING, template.reason)
    told = {
        "facebook_id": template.id,
        "status": status,
        "reason": reason,
        "components": template.components,
        "parameter_format": template.parameter_format,
        "synced_at": now,
    }
    row, _made = UtilityTemplate.objects.update_or_create(
        page=page,
        name=template.name,
        language=template.language,
        defaults=told,
        create_defaults={**told, "created_at": now},
    )
    return row


def _status(word: str, reason: str) -> tuple[TemplateStatus, str]:
    status = WORDS.get(word.upper())
    if status is None:
        return S.DISABLED, word[:500]
    told = "" if status in (S.APPROVED, S.PENDING) or reason.upper() == "NONE" else reason
    return status, told[:500]


__all__ = [
    "GraphError",
    "GraphUnreachable",
    "NotLinked",
    "Synced",
    "can_ask",
    "create",
    "delete",
    "heard",
    "keep_up",
    "sync",
    "trouble_of",
]
