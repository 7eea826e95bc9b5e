"""What is kept beside the agreements: clicks, people who never agreed, refused rows, and what the tag noticed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from optins.models import IdUse, Import, Invitation, Quota, Recipient, Refusal, TagFinding
from optins.services.findings import WITHIN
from optins.services.limiting import BURST
from optins.services.tidying import WAITING
from optins.states import ImportState
from pages.retention.kind import CHUNK, Step, Turn, pointed_at


def clicks_due(before: datetime) -> QuerySet[Invitation]:
    """Those that are over; the index invitation_by_age serves it."""
    return Invitation.objects.filter(created_at__lt=before).exclude(state__in=WAITING)


def unanswered_due(before: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(state__in=WAITING, expires_at__lte=before)


def id_uses_due(before: datetime) -> QuerySet[IdUse]:
    return IdUse.objects.filter(at__lte=before)


def quotas_due(before: datetime) -> QuerySet[Quota]:
    return Quota.objects.filter(granted_until__lt=before)


def findings_due(before: datetime) -> QuerySet[TagFinding]:
    return TagFinding.objects.filter(last_at__lt=before)


def refusals_due(before: datetime) -> QuerySet[Refusal]:
    return Refusal.objects.filter(of__in=_old_imports(before).values("pk"))


def end_refusals(turn: Turn) -> Step:
    """Of one import at a time, in the order of the lines: what the unique index gives without sorting."""
    of_it = Exists(Refusal.objects.filter(of=OuterRef("pk")))
    old = _old_imports(turn.before).filter(of_it).order_by("pk").first()
    if old is None:
        return Step(removed=0)
    pks = list(Refusal.objects.filter(of=old).order_by("line").values_list("pk", flat=True)[:CHUNK])
    with transaction.atomic():
        Refusal.objects.filter(pk__in=pks).delete()
    return Step(removed=len(pks), after="")


def _old_imports(before: datetime) -> QuerySet[Import]:
    """Those that ended, and those that nobody decided about since they were checked."""
    forgotten = Q(ended_at=None, state=ImportState.CHECKED, created_at__lt=before)
    return Import.objects.filter(Q(ended_at__lt=before) | forgotten)


def recipients_due(before: datetime) -> QuerySet[Recipient]:
    """Nobody stands on them. A STOP is heeded as long as the proof of an agreement is kept."""
    clicked = Exists(Invitation.objects.filter(recipient=OuterRef("pk")))
    rows = Recipient.objects.filter(created_at__lt=before).exclude(pointed_at(Recipient)).exclude(clicked)
    days, click_days = (settings.RETENTION[f"RETENTION_{name}_DAYS"] for name in ("CONSENT", "CLICK"))
    long_ago = Q(stopped_at=None)
    if days:
        long_ago |= Q(stopped_at__lt=before + timedelta(days=click_days) - timedelta(days=days))
    return rows.filter(long_ago)


def end_recipients(turn: Turn) -> Step:
    """Looks through a chunk of all; `after` is the last key that was looked at."""
    keys = Recipient.objects.filter(pk__gt=int(turn.after or 0)).order_by("pk")
    seen = list(keys.values_list("pk", flat=True)[:CHUNK])
    with transaction.atomic():
        removed, _by_model = recipients_due(turn.before).filter(pk__in=seen).delete() if seen else (0, {})
    return Step(removed=removed, after=str(seen[-1]) if len(seen) == CHUNK else None)


# Other sweeps end these (tidying, findings, limiting); here they are only counted.
ID_USES_KEPT, QUOTAS_KEPT = WITHIN, BURST
