"""Every linked page is looked at once a day, and once only."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from pages.models import Connection, Page
from pages.services import looking
from pages.states import PageState
from tests.factories import ConnectedPageFactory, LinkedPageFactory
from tests.pages.services.test_health import FIELDS, HEALTHY
from tests.support.graph_api import graph, routed

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def facebook() -> Iterator[None]:
    with graph(routed(HEALTHY), WEBHOOK_FIELDS=FIELDS):
        yield


def seen(hours_ago: float | None, **changes: object) -> Page:
    page: Page = ConnectedPageFactory()
    checked_at = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    Connection.objects.filter(page=page).update(checked_at=checked_at, **changes)
    return page


@pytest.mark.parametrize(("hours_ago", "looked"), [(None, 1), (25, 1), (23, 0)])
def test_once_a_day(hours_ago: float | None, looked: int) -> None:
    seen(hours_ago)
    assert looking.check_due(now=NOW) == looked
    assert looking.check_due(now=NOW) == 0


@pytest.mark.parametrize(("hours_ago", "looked"), [(0.5, 0), (2, 1)])
def test_sooner_where_facebook_gave_no_answer(hours_ago: float, looked: int) -> None:
    seen(hours_ago, check_error="Facebook gave no answer.")
    assert looking.check_due(now=NOW) == looked


def test_the_oldest_first_and_the_rest_in_the_next_round() -> None:
    pages = [seen(30 + n) for n in range(looking.AT_ONCE + 2)]
    assert [looking.check_due(now=NOW) for _round in range(3)] == [looking.AT_ONCE, 2, 0]
    assert Connection.objects.get(page=pages[0]).checked_at == NOW


def test_a_page_that_left_or_has_no_site_is_let_alone() -> None:
    seen(48, leaving_since=NOW)
    page = seen(48)
    page.links.update(closed_at=timezone.now())
    LinkedPageFactory()
    assert looking.check_due(now=NOW) == 0


def test_a_page_on_hold_is_looked_at_too() -> None:
    page = seen(48)
    Page.objects.filter(pk=page.pk).update(state=PageState.ON_HOLD)
    assert looking.check_due(now=NOW) == 1


def test_while_facebook_is_away_the_others_wait_for_the_next_round(settings: object) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    for _page in range(2):
        seen(48)
    assert [looking.check_due(now=NOW) for _round in range(2)] == [1, 1]
    assert Connection.objects.exclude(check_error="").count() == 2
