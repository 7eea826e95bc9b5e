"""Writes down who did what."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from pages.models import AuditEntry


def record(*, actor: AbstractBaseUser | None, action: str, subject: models.Model, **detail: object) -> AuditEntry:
    """One line of the audit log; `actor` None is the system itself. `detail` is JSON and holds no secret."""
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        action=action,
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        detail=detail,
    )
