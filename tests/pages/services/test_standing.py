"""How a page stands on Facebook: one state, one way out."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from pages.models import Connection, Incident, Page
from pages.models.incident import IncidentKind
from pages.services.standing import StandingState, WayOut, standing
from pages.states import PageState
from tests.factories import ConnectedPageFactory

pytestmark = pytest.mark.django_db
S, W = StandingState, WayOut


def connected(**changes: Any) -> Page:
    page: Page = ConnectedPageFactory()
    Connection.objects.filter(page=page).update(checked_at=timezone.now(), **changes)
    return page


def held(kind: str, **changes: Any) -> Page:
    page = connected(**changes)
    Page.objects.filter(pk=page.pk).update(state=PageState.ON_HOLD)
    Incident.objects.create(page=page, kind=kind, opened_at=timezone.now())
    page.refresh_from_db()
    return page


def test_all_is_well() -> None:
    found = standing(connected(), timezone.now())
    assert (found.state, found.way, found.stops) == (S.LINKED, W.NOTHING, False)


@pytest.mark.parametrize("kind", IncidentKind.values)
def test_every_incident_has_a_state_that_stops_and_a_way_out(kind: str) -> None:
    found = standing(held(kind), timezone.now())
    assert found.stops
    assert found.way in {W.RECONNECT, W.CHECK, W.RESUME}


@pytest.mark.parametrize(
    ("kind", "state", "way"),
    [
        (IncidentKind.TOKEN_REFUSED, S.TOKEN_INVALID, W.RECONNECT),
        (IncidentKind.DISCONNECTED, S.DISCONNECTED, W.RECONNECT),
        (IncidentKind.MISSING_PERMISSION, S.MISSING_PERMISSION, W.RECONNECT),
        (IncidentKind.NOT_SUBSCRIBED, S.NOT_SUBSCRIBED, W.CHECK),
        (IncidentKind.RESTRICTED, S.RESTRICTED, W.RESUME),
    ],
)
def test_what_stopped_it_decides(kind: str, state: StandingState, way: WayOut) -> None:
    found = standing(held(kind), timezone.now())
    assert (found.state, found.way) == (state, way)


def test_what_is_missing_is_named() -> None:
    page = held(IncidentKind.MISSING_PERMISSION, missing_permissions=["pages_messaging"])
    assert standing(page, timezone.now()).lacking == ("pages_messaging",)


@pytest.mark.parametrize(
    ("changes", "state", "way"),
    [
        ({"token_is_valid": False}, S.TOKEN_INVALID, W.RECONNECT),
        ({"missing_permissions": ["pages_utility_messaging"]}, S.INCOMPLETE, W.RECONNECT),
        ({"missing_fields": ["standby"]}, S.INCOMPLETE, W.CHECK),
        ({"has_get_started": False}, S.INCOMPLETE, W.CHECK),
        ({"check_error": "4: Too many calls"}, S.UNCHECKED, W.CHECK),
    ],
)
def test_a_page_that_sends_says_what_is_not_quite_right(
    changes: dict[str, Any], state: StandingState, way: WayOut
) -> None:
    found = standing(connected(**changes), timezone.now())
    assert (found.state, found.way) == (state, way)


@pytest.mark.parametrize("field", ["token_expires_at", "data_access_expires_at"])
def test_an_end_that_is_near_is_said_with_its_day(field: str) -> None:
    now = timezone.now()
    near = standing(connected(**{field: now + timedelta(days=13)}), now)
    far = standing(connected(**{field: now + timedelta(days=15)}), now)
    assert (near.state, near.until) == (S.ENDS_SOON, now + timedelta(days=13))
    assert far.state == S.LINKED


def test_a_page_that_was_not_looked_at_for_days_says_so() -> None:
    assert standing(connected(), timezone.now() + timedelta(days=4)).state == S.UNCHECKED


def test_a_page_that_belongs_to_no_site_is_added_again() -> None:
    page = connected()
    page.links.update(closed_at=timezone.now())
    found = standing(page, timezone.now())
    assert (found.state, found.way) == (S.UNLINKED, W.LINK)
