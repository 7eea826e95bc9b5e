"""The consent log in the admin: read by support, written by nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import SUPPORT
from optins.models import ConsentEvent, ConsentKind
from tests.factories import OptInFactory, RecipientFactory, UserFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

LIST = reverse("admin:optins_consentevent_changelist")


def happened(kind: ConsentKind, customer_id: str = "FR-1") -> ConsentEvent:
    recipient = RecipientFactory()
    optin = OptInFactory(page=recipient.page, customer_id=customer_id)
    return ConsentEvent.objects.create(
        optin=optin, kind=kind, at=timezone.now(), recipient=recipient, actor=UserFactory(), evidence={"note": "a call"}
    )


def test_the_log_narrows_to_conflicts() -> None:
    happened(ConsentKind.GRANTED)
    conflict = happened(ConsentKind.CONFLICT)
    rows = client_as(SUPPORT).get(LIST, {"kind": "conflict"}).context["cl"].result_list
    assert list(rows) == [conflict]


def test_the_log_is_searched_by_customer_id() -> None:
    happened(ConsentKind.GRANTED, "FR-1")
    wanted = happened(ConsentKind.GRANTED, "DE-1")
    rows = client_as(SUPPORT).get(LIST, {"q": "DE-"}).context["cl"].result_list
    assert list(rows) == [wanted]


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three() -> None:
    support = client_as(SUPPORT)
    for _ in range(3):
        happened(ConsentKind.GRANTED)
    support.get(LIST)
    with CaptureQueriesContext(connection) as few:
        support.get(LIST)
    for _ in range(27):
        happened(ConsentKind.GRANTED)
    with CaptureQueriesContext(connection) as many:
        support.get(LIST)
    assert len(many) == len(few)


def test_an_event_shows_its_evidence() -> None:
    event = happened(ConsentKind.REVOKED)
    url = reverse("admin:optins_consentevent_change", args=[event.pk])
    assert "a call" in client_as(SUPPORT).get(url).content.decode()
