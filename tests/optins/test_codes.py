"""The short code, for those whose link Facebook forgot: as people type it, and not to be guessed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from optins import codes
from optins.models import Invitation, OptIn
from optins.states import InvitationState
from pages.models import Page
from tests.optins.visitors import Visitor, click, shop_page


@pytest.mark.parametrize("written", ["K7P4Q2", "k7p4q2", " k7p 4q2 ", "K7P-4Q2", "k7p4q2."])
def test_a_code_as_people_type_it(written: str) -> None:
    assert codes.typed(written) == "K7P4Q2"


@pytest.mark.parametrize(
    "written", ["", "BRAVES", "234567", "K7P4Q", "K7P4Q22", "K7P4Q0", "code K7P4Q2", "K7P4QI", "é7P4Q2"]
)
def test_what_is_no_code(written: str) -> None:
    assert codes.typed(written) is None


def test_codes_are_made_as_they_are_read() -> None:
    made = {codes.new_code() for _each in range(500)}

    assert len(made) > 490
    assert all(codes.typed(code.lower()) == code for code in made)


@pytest.fixture
def page() -> Page:
    return shop_page()


@pytest.mark.django_db
def test_a_typed_code_leads_to_the_same_question(page: Page) -> None:
    visitor = Visitor(page=page)
    visitor.writes(click(page).code.lower())
    visitor.writes("yes")

    assert visitor.optin().state == "active"
    assert visitor.optin().events.get().evidence["arrival"]["code"] is True


@pytest.mark.django_db
def test_it_serves_one_person_and_ends_sooner_than_the_link(page: Page, settings: Settings) -> None:
    code = click(page).code
    Visitor(page=page).writes(code)
    second = Visitor(page=page, psid="8000")
    second.writes(code)
    late = Visitor(page=page, psid="8001")
    old = click(page, "c-2", now=timezone.now() - timedelta(seconds=settings.OPTIN_CODE_SECONDS + 1)).code
    late.writes(old)

    assert "can't be set up" in second.heard()[0]
    assert "no longer good" in late.heard()[0]
    assert Invitation.objects.get(customer_id="c-2").state == InvitationState.ISSUED


@pytest.mark.django_db
def test_after_five_wrong_ones_even_the_right_one_is_refused_for_an_hour(page: Page) -> None:
    code, visitor = click(page).code, Visitor(page=page)
    for each in range(5):
        visitor.writes(f"AAAAA{each + 2}")
    visitor.writes(code)

    assert "too many codes" in visitor.heard()[-1]
    assert not OptIn.objects.exists()
    visitor.at += timedelta(hours=2)
    visitor.writes(click(page, "c-2", now=visitor.at).code)
    assert "Shall Boutique" in visitor.heard()[-1]


@pytest.mark.django_db
def test_where_nobody_is_awaited_such_letters_are_somebodys_words(page: Page) -> None:
    visitor = Visitor(page=page)
    visitor.writes("AB1234")

    assert visitor.heard() == []
