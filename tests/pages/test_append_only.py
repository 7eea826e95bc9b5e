"""After every migration the database itself still refuses to change what is evidence."""

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
    row: models.Model = make()  # type: ignore[operator]
    table, column = row._meta.db_table, next(f.column for f in row._meta.local_concrete_fields if not f.primary_key)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = NULL WHERE id = %s", [row.pk])


def test_each_kind_of_evidence_is_tried() -> None:
    found = {type(make()) for make in EVIDENCE}
    assert found == {
        model for model in apps.get_models() if isinstance(model._default_manager.all(), AppendOnlyQuerySet)
    }
