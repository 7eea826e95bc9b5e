"""Facebook's enforcement: a warning is kept and shown, a block holds the page, its end lets it go."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from pages.models import AuditEntry, Connection, Incident, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from pages.states import PageState
from pages.webhooks.processing import process_due
from tests.pages.webhooks.inbox import Listener, received
from tests.support.facebook import policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("listener")]

NOW = timezone.now()


@pytest.fixture
def connection(page: Page) -> Connection:
    return Connection.objects.create(page=page, connected_at=NOW)


def enforced(page: Page, action: str, reason: str = "", *, at: datetime = NOW) -> None:
    received(page, policy(page.page_id, action, reason, at=at))
    process_due()
    page.refresh_from_db()


def test_a_block_holds_the_page_with_facebooks_words(page: Page, connection: Connection, listener: Listener) -> None:
    enforced(page, "block", "Too many complaints")

    incident = Incident.objects.get(page=page)
    assert (incident.kind, incident.detail) == (IncidentKind.RESTRICTED, "Too many complaints")
    assert page.state == PageState.ON_HOLD
    connection.refresh_from_db()
    assert connection.restriction == "Too many complaints"
    assert abs(connection.restricted_at - NOW) < timedelta(milliseconds=1)  # type: ignore[operator]
    assert len(listener.heard) == 1


def test_its_end_lets_the_page_go(page: Page, connection: Connection) -> None:
    enforced(page, "block", "Too many complaints", at=NOW - timedelta(hours=1))
    enforced(page, "unblock")

    assert page.state == PageState.ACTIVE
    assert Incident.objects.get().closed_at
    connection.refresh_from_db()
    assert (connection.restricted_at, connection.restriction) == (None, "")


def test_a_warning_is_kept_and_the_page_goes_on(page: Page, connection: Connection) -> None:
    enforced(page, "warning", "Mind your messages")

    assert page.state == PageState.ACTIVE
    connection.refresh_from_db()
    assert (connection.restricted_at, connection.restriction) == (None, "Mind your messages")
    entry = AuditEntry.objects.get(action="page.policy_enforced")
    assert entry.detail == {"enforced": "warning", "reason": "Mind your messages"}


def test_a_block_that_comes_after_its_end_holds_nothing(page: Page, connection: Connection) -> None:
    enforced(page, "unblock")
    enforced(page, "block", "Too many complaints", at=NOW - timedelta(hours=1))

    assert page.state == PageState.ACTIVE
    connection.refresh_from_db()
    assert connection.restricted_at is None


def test_a_block_holds_the_page_also_when_a_later_warning_came_first(page: Page) -> None:
    enforced(page, "warning", "Mind your messages")
    enforced(page, "block", "Too many complaints", at=NOW - timedelta(hours=1))

    assert page.state == PageState.ON_HOLD


def test_a_page_that_something_else_holds_stays_where_it_is(page: Page) -> None:
    hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=NOW)

    enforced(page, "unblock")

    assert page.state == PageState.ON_HOLD
