"""A page's token in its form: written, never shown, and the way out of an incident."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from pages.admin.forms import PageForm
from pages.models import Incident, Page, Site
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from pages.states import PageState
from tests.factories import PageFactory
from tests.pages.admin.test_linking import change, entry, errors
from tests.people import client_as

pytestmark = pytest.mark.django_db

TOKEN = "EAAG-secret-token-value"


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def held() -> Page:
    page: Page = PageFactory(token=TOKEN)
    hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="401: token expired", now=timezone.now())
    return page


def test_a_new_token_is_stored_encrypted(administrator: Client) -> None:
    page = PageFactory(token="")
    administrator.post(change(page), entry(new_token=TOKEN))
    page.refresh_from_db()
    assert page.token == TOKEN
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM pages_page WHERE id = %s", [page.pk])
        assert TOKEN not in cursor.fetchone()[0]


def test_an_empty_field_keeps_the_token(administrator: Client) -> None:
    page = PageFactory(token=TOKEN)
    administrator.post(change(page), entry(name="Renamed"))
    page.refresh_from_db()
    assert (page.token, page.name) == (TOKEN, "Renamed")


def test_the_token_is_shown_nowhere(administrator: Client, held: Page) -> None:
    for url in (change(held), reverse("admin:pages_page_changelist"), reverse("admin:index")):
        assert TOKEN not in administrator.get(url).content.decode()


def test_the_token_of_an_invalid_form_is_not_sent_back(administrator: Client) -> None:
    response = administrator.post(change(PageFactory()), entry(name="", new_token=TOKEN))
    assert TOKEN not in response.content.decode()
    assert "again" in errors(response)["new_token"][0]


def test_the_form_says_since_when_a_token_is_stored(administrator: Client) -> None:
    page = PageFactory(token="")
    assert "no token yet" in administrator.get(change(page)).content.decode()
    administrator.post(change(page), entry(new_token=TOKEN))
    assert "A token is stored since" in administrator.get(change(page)).content.decode()


def test_a_token_with_a_blank_in_it_is_refused(administrator: Client) -> None:
    response = administrator.post(change(PageFactory()), entry(new_token="two words"))
    assert "blanks" in errors(response)["new_token"][0]


def test_an_open_incident_is_a_banner_with_the_way_out(administrator: Client, held: Page) -> None:
    text = administrator.get(change(held)).content.decode()
    assert "On hold since" in text
    assert "401: token expired" in text
    assert "Get a fresh token and enter it here" in text


def test_a_new_token_closes_the_incident_and_the_page_goes_on(administrator: Client, held: Page) -> None:
    administrator.post(change(held), entry(new_token="a-fresh-one"))
    held.refresh_from_db()
    assert held.state == PageState.ACTIVE
    assert Incident.objects.get().closed_at is not None


def test_a_page_whose_key_is_lost_can_still_be_opened_and_given_a_new_token(administrator: Client) -> None:
    page = PageFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pages_page SET token = 'encrypted with a lost key' WHERE id = %s", [page.pk])
    assert administrator.get(reverse("admin:pages_page_changelist")).status_code == 200
    administrator.post(change(page), entry(new_token="a-fresh-one"))
    assert Page.objects.get(pk=page.pk).token == "a-fresh-one"


def test_who_may_not_enter_tokens_sees_only_whether_there_is_one() -> None:
    page = PageFactory(token=TOKEN)
    text = client_as(MARKETING).get(change(page)).content.decode()
    assert "A token is stored" in text
    assert 'type="password"' not in text


def test_a_page_that_is_held_while_its_form_is_read_stays_held(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PageFactory()
    clean_site = PageForm.clean_site

    def meanwhile(form: PageForm) -> Site | None:
        hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail="", now=timezone.now())
        return clean_site(form)

    monkeypatch.setattr(PageForm, "clean_site", meanwhile)
    administrator.post(change(page), entry(name="Renamed"))
    page.refresh_from_db()
    assert (page.name, page.state) == ("Renamed", PageState.ON_HOLD)
