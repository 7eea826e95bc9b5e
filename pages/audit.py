"""Writes down who did what."""

from collections.abc import Iterable

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


def record_all(*, actor: AbstractBaseUser, action: str, model: type[models.Model], pks: Iterable[int]) -> None:
    """The same line for many subjects of one model."""
    label = model._meta.label_lower
    AuditEntry.objects.bulk_create(
        [AuditEntry(actor_id=actor.pk, action=action, subject=f"{label}:{pk}") for pk in pks], batch_size=500
    )
