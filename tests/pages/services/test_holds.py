"""A page on hold: one incident, until it is mended."""

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from pages.models import Incident, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page, release_readable
from pages.services.tokens import set_token
from pages.states import PageState
from tests.factories import PageFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db


def hold(page: Page) -> bool:
    return hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="Forbidden", now=timezone.now())


def test_holding_a_page_stops_it_and_opens_one_incident() -> None:
    page = PageFactory()

    assert hold(page)
    assert not hold(page)

    page.refresh_from_db()
    assert page.state == PageState.ON_HOLD
    assert Incident.objects.get().detail == "Forbidden"


def test_a_new_token_closes_the_incident_and_lets_the_page_go_on() -> None:
    page = PageFactory()
    hold(page)

    set_token(page=page, token="new", actor=None, now=timezone.now())

    page.refresh_from_db()
    assert (page.state, page.token) == (PageState.ACTIVE, "new")
    assert Incident.objects.get().closed_at is not None


def test_a_page_can_be_held_again_later() -> None:
    page = PageFactory()
    hold(page)
    set_token(page=page, token="new", actor=None, now=timezone.now())

    assert hold(page)
    assert Incident.objects.filter(page=page).count() == 2


def test_the_token_is_encrypted_in_the_database() -> None:
    from django.db import connection

    page = PageFactory(token="secret-of-the-page")
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM pages_page WHERE id = %s", [page.pk])
        (stored,) = cursor.fetchone()

    assert "secret-of-the-page" not in stored
    assert Page.objects.get(pk=page.pk).token == "secret-of-the-page"


@pytest.mark.django_db(transaction=True)
def test_however_many_answers_say_so_at_once_it_is_one_incident() -> None:
    page = PageFactory()

    results = race(*[lambda: hold(page)] * 4)

    assert sorted(results) == [False, False, False, True]  # type: ignore[type-var]
    assert Incident.objects.count() == 1


def test_trouble_with_a_token_that_was_replaced_since_holds_nothing() -> None:
    page = PageFactory()
    as_it_was = Page.objects.get(pk=page.pk)
    set_token(page=page, token="new", actor=None, now=timezone.now())

    assert not hold(as_it_was)

    page.refresh_from_db()
    assert page.state == PageState.ACTIVE
    assert not Incident.objects.exists()


def test_a_page_whose_token_can_be_decrypted_again_goes_on_by_itself(settings: Settings) -> None:
    page, keys = PageFactory(token="hush"), settings.TOKEN_KEYS
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    page.refresh_from_db()
    hold_page(page=page, kind=IncidentKind.UNREADABLE_TOKEN, detail="", now=timezone.now())
    assert release_readable(now=timezone.now()) == 0

    settings.TOKEN_KEYS = keys

    assert release_readable(now=timezone.now()) == 1
    assert Page.objects.get().state == PageState.ACTIVE


def test_a_page_held_for_another_reason_is_not_let_go() -> None:
    hold_page(page=PageFactory(), kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())

    assert release_readable(now=timezone.now()) == 0
