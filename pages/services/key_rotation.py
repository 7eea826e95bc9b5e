"""Encrypts what is encrypted with an older one of TOKEN_KEYS with the first of them, in every table.

Rows are taken in the order of their keys, a batch at a time, and each is written only if nobody wrote it meanwhile. So
it may be stopped anywhere and begun again, beside a running installation; what has the first key already is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Cast

from pages.fields import EncryptedTextField, cipher

BATCH = 500


@dataclass(slots=True, kw_only=True)
class Rotated:
    """Of one column. `unreadable` are the primary keys of what no key of TOKEN_KEYS opens."""

    column: str
    changed: int = 0
    current: int = 0
    unreadable: list[object] = field(default_factory=list)


def rotate(*, only_look: bool = False) -> Iterator[Rotated]:
    """One result for each encrypted column, as it is done. With `only_look`, `changed` is what would be written."""
    for model in apps.get_models():
        for column in model._meta.local_concrete_fields:
            if isinstance(column, EncryptedTextField):
                yield _column(model, column, only_look=only_look)


def _column(model: type[models.Model], column: EncryptedTextField, *, only_look: bool) -> Rotated:
    found = Rotated(column=f"{model._meta.label}.{column.name}")
    rows = _stored(model, column)
    last: object = None
    while batch := list(_after(rows, last)[:BATCH].values_list("pk", "raw")):
        last = batch[-1][0]
        # A transaction for each batch: nobody waits for long.
        with transaction.atomic():
            for pk, raw in batch:
                fresh = _encrypted_anew(raw, found, pk)
                if fresh and (only_look or _write(rows, column, pk, raw, fresh)):
                    found.changed += 1
    return found


def _stored(model: type[models.Model], column: EncryptedTextField) -> models.QuerySet[models.Model]:
    """With what the database holds, which the field itself would decrypt."""
    manager = model._base_manager  # noqa: SLF001  (every row, whatever another manager hides)
    rows: models.QuerySet[models.Model] = manager.annotate(raw=Cast(column.name, models.TextField()))
    return rows.exclude(raw="")


def _after(rows: models.QuerySet[models.Model], last: object) -> models.QuerySet[models.Model]:
    return (rows.filter(pk__gt=last) if last is not None else rows).order_by("pk")


def _encrypted_anew(raw: str, found: Rotated, pk: object) -> str:
    """The same secret under the first key; nothing where it has that already, or can't be read."""
    stored = raw.encode("ascii", "replace")
    try:
        Fernet(settings.TOKEN_KEYS[0]).decrypt(stored)
    except InvalidToken:
        pass
    else:
        found.current += 1
        return ""
    try:
        return cipher().rotate(stored).decode("ascii")
    except InvalidToken:
        found.unreadable.append(pk)
        return ""


def _write(rows: models.QuerySet[models.Model], column: EncryptedTextField, pk: object, raw: str, fresh: str) -> bool:
    """Whoever entered another secret meanwhile did so with the first key."""
    value = Value(fresh, output_field=models.TextField())
    return bool(rows.filter(pk=pk, raw=raw).update(**{column.name: value}))
