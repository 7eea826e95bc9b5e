"""Writes down who did what."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from pages import append_only
from pages.masking import mask
from pages.models import AuditEntry

_token: ContextVar[dict[str, object] | None] = ContextVar("token", default=None)


@contextmanager
def by_token(*, pk: int, name: str) -> Iterator[None]:
    """Whatever is recorded within is an API token's doing, and its detail says whose: no person acted."""
    before = _token.set({"id": pk, "name": name})
    try:
        yield
    finally:
        _token.reset(before)


def is_by_token() -> bool:
    return _token.get() is not None


def record(*, actor: AbstractBaseUser | None, action: str, subject: models.Model, **detail: object) -> AuditEntry:
    """One line of the audit log; `actor` None is the system itself, or an API token. `detail` is JSON, no secret."""
    token = _token.get()
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        action=action,
        subject=subject_of(subject),
        detail={**detail, **({"api_token": token} if token else {})},
    )


def record_all(*, actor: AbstractBaseUser, action: str, model: type[models.Model], pks: Iterable[int]) -> None:
    """The same line for many subjects of one model."""
    label = model._meta.label_lower
    AuditEntry.objects.bulk_create(
        [AuditEntry(actor_id=actor.pk, action=action, subject=f"{label}:{pk}") for pk in pks], batch_size=500
    )


def subject_of(subject: models.Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"


def forget(subjects: Collection[str], *, word: str) -> None:
    """Takes the name of somebody who is erased out of the details; what was done, by whom and when, stays."""
    entries = [entry for entry in AuditEntry.objects.filter(subject__in=subjects) if entry.detail]
    named = [entry for entry in entries if mask(entry.detail, word) != entry.detail]
    for entry in named:
        entry.detail = mask(entry.detail, word)
    append_only.write_anew(named)
