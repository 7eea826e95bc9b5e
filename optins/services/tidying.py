"""What is over, and what is left to do: clicks, questions that nobody answered, askers, imports. In each sweep."""

from datetime import datetime

from optins.models import Invitation
from optins.services import findings, limiting
from optins.services.importing import sweeping as imports
from optins.states import InvitationState

CHUNK = 1_000
WAITING = (InvitationState.ISSUED, InvitationState.ASKED)


def tidy(*, now: datetime) -> int:
    """Returns how many invitations were over."""
    limiting.forget(now=now)
    findings.forget(now=now)
    imports.sweep(now=now)
    over = Invitation.objects.filter(state__in=WAITING, expires_at__lte=now).order_by("expires_at")
    pks = list(over.values_list("pk", flat=True)[:CHUNK])
    return Invitation.objects.filter(pk__in=pks, expires_at__lte=now).move(InvitationState.EXPIRED) if pks else 0
