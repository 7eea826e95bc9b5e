"""After every migration the database itself still refuses to change what is evidence."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from optins.models import ConsentEvent, ConsentKind
from pages.append_only import AppendOnlyQuerySet
from pages.models import AuditEntry, Button, Wording
from pages.models.button import ButtonKind
from tests.factories import AttemptFactory, CallbackCallFactory, OptInFactory, SiteFactory

pytestmark = pytest.mark.django_db


def audit_entry() -> models.Model:
    return AuditEntry.objects.create(action="page.held", subject="pages.page:1")


def consent_event() -> models.Model:
    return ConsentEvent.objects.create(optin=OptInFactory(), kind=ConsentKind.GRANTED, at=timezone.now())


def wording() -> models.Model:
    button = Button.objects.create(site=SiteFactory(), name="Alert", kind=ButtonKind.SEND_TO_MESSENGER)
    return Wording.objects.create(button=button, language="fr", version=1, text="…", created_at=timezone.now())


EVIDENCE = [audit_entry, consent_event, wording, AttemptFactory, CallbackCallFactory]


@pytest.mark.parametrize("make", EVIDENCE)
def test_the_database_refuses(make: object) -> None:
    """To change any column whatsoever; on PostgreSQL a change is what makes another row of it."""
    row: models.Model = make()  # type: ignore[operator]
    table, columns = row._meta.db_table, {field.column: field for field in row._meta.local_concrete_fields}
    for column, field in columns.items():
        value = _another(field, getattr(row, field.attname))
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id = %s", [row.pk])


def _another(field: "models.Field[Any, Any]", known: object) -> str:
    if field.primary_key:
        return "id + 1000"
    if known is not None:
        return "NULL"
    return "CURRENT_TIMESTAMP" if isinstance(field, models.DateTimeField) else "7"


def test_each_kind_of_evidence_is_tried() -> None:
    found = {type(make()) for make in EVIDENCE}
    assert found == {
        model for model in apps.get_models() if isinstance(model._default_manager.all(), AppendOnlyQuerySet)
    }
