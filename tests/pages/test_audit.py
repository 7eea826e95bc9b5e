"""The audit log where nobody acts in person, and where a person is erased."""

import pytest
from django.db import transaction

from pages import audit
from pages.models import AuditEntry
from tests.factories import PageFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_what_a_token_does_is_written_down_as_its_doing() -> None:
    page = PageFactory()

    with audit.by_token(pk=7, name="shop"):
        audit.record(actor=None, action="page.held", subject=page, kind="moved")
    audit.record(actor=None, action="page.released", subject=page)

    details = AuditEntry.objects.order_by("pk").values_list("detail", flat=True)
    assert list(details) == [{"kind": "moved", "api_token": {"id": 7, "name": "shop"}}, {}]


def test_a_name_leaves_the_details_and_nothing_else_changes() -> None:
    page, actor = PageFactory(), UserFactory()
    named = audit.record(actor=actor, action="page.held", subject=page, customer_id="FR-1", kind="moved")
    other = audit.record(actor=actor, action="page.held", subject=PageFactory(), customer_id="FR-1")

    with transaction.atomic():
        audit.forget([audit.subject_of(page)], word="FR-1")

    entry = AuditEntry.objects.get(pk=named.pk)
    assert (entry.at, entry.actor, entry.detail) == (named.at, actor, {"customer_id": "…", "kind": "moved"})
    assert AuditEntry.objects.get(pk=other.pk).detail == {"customer_id": "FR-1"}
