"""The audit log in the admin: in words, with a way to what it was about."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messenger_admin.admin.audit import ACTIONS
from messenger_admin.roles import ADMINISTRATORS
from notifications.reasons import Reason
from pages import audit
from tests.factories import PageFactory, UserFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

LIST = reverse("admin:pages_auditentry_changelist")
# Named by their reasons, not by a text that could be found.
DECISIONS = {f"delivery.{reason}" for reason in (Reason.TREATED_AS_SENT, Reason.SENT_AGAIN)}


def recorded_in_code() -> set[str]:
    """Every `app.act` that a service writes down, the processing of webhooks, or the keeping of conversations."""
    sources = [path.read_text() for app in ("pages", "optins", "notifications") for path in services(app)]
    beside = [Path(settings.BASE_DIR) / "pages" / name for name in ("webhooks", "conversations")]
    others = [path.read_text() for folder in beside for path in folder.glob("*.py")]
    # Three letters at least: a column of a statement has one before its point.
    # A permission to see has the same shape, and is no act.
    named = {action for source in sources for action in re.findall(r'"([a-z]{3,}\.(?!view_)[a-z_]+)"', source)}
    return named | {action for source in others for action in re.findall(r'action="([a-z]{3,}\.[a-z_]+)"', source)}


def services(app: str) -> list[Path]:
    return sorted((Path(settings.BASE_DIR) / app / "services").rglob("*.py"))


def test_every_act_that_is_written_down_has_words() -> None:
    assert recorded_in_code() | DECISIONS == set(ACTIONS)


def test_an_entry_says_who_did_what_and_leads_there() -> None:
    page = PageFactory()
    audit.record(actor=UserFactory(username="marie"), action="page.linked", subject=page, sid="501")
    text = client_as(ADMINISTRATORS).get(LIST).content.decode()
    assert "marie" in text
    assert "Linked a page to a site" in text
    assert reverse("admin:pages_page_change", args=[page.pk]) in text


def test_the_system_is_named_where_nobody_acted() -> None:
    audit.record(actor=None, action="page.held", subject=PageFactory())
    assert "the system" in client_as(ADMINISTRATORS).get(LIST).content.decode()


def test_it_is_searched_by_the_whole_subject_and_narrowed_by_act() -> None:
    one, other = PageFactory(), PageFactory()
    wanted = audit.record(actor=None, action="page.held", subject=one)
    audit.record(actor=None, action="page.released", subject=one)
    audit.record(actor=None, action="page.held", subject=other)
    client = client_as(ADMINISTRATORS)
    rows = client.get(LIST, {"q": f"pages.page:{one.pk}", "action": "page.held"}).context["cl"].result_list
    assert list(rows) == [wanted]


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three() -> None:
    client = client_as(ADMINISTRATORS)
    for _ in range(3):
        audit.record(actor=UserFactory(), action="page.held", subject=PageFactory())
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(27):
        audit.record(actor=UserFactory(), action="page.held", subject=PageFactory())
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)
