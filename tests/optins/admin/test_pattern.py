"""The screen of a site's patterns: administrators write them, mistakes stand at their field, an overlap is said."""

import pytest
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from optins.models import IdPattern
from optins.services import Agreement, agree
from optins.services.terms import ORDER, STOCK_ALERT
from optins.states import Lifetime, Purpose, Source
from pages.models import Page, Site
from tests.factories import LinkedPageFactory, SiteFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db


def filled(site: Site, **more: object) -> dict[str, object]:
    return {
        "site": site.pk,
        "name": "Booking",
        "pattern": "booking-<number>",
        "purpose": Purpose.TRANSACTIONAL,
        "lifetime": Lifetime.TEMPORARY,
        "days": "30",
        "position": "5",
        **more,
    }


@pytest.fixture
def site() -> Site:
    made: Site = SiteFactory()
    return made


def add(site: Site, **more: object) -> str:
    response = client_as(ADMINISTRATORS).post(reverse("admin:optins_idpattern_add"), filled(site, **more), follow=True)
    return response.text


def test_a_new_site_knows_the_guides_ids(site: Site) -> None:
    found = IdPattern.objects.filter(site=site).values_list("pattern", "purpose", "used_up")

    assert list(found) == [(ORDER, "transactional", False), (STOCK_ALERT, "alert", True)]


def test_an_administrator_adds_one_and_agreements_follow_it() -> None:
    page: Page = LinkedPageFactory()
    assert page.site
    add(page.site)
    now = timezone.now()
    optin = agree(page=page, customer_id="booking-7", agreement=Agreement(source=Source.API), now=now)

    assert (optin.purpose, optin.lifetime) == (Purpose.TRANSACTIONAL, Lifetime.TEMPORARY)
    assert optin.expires_at is not None
    assert (optin.expires_at - now).days == 30


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"pattern": "booking"}, "angle brackets"),
        ({"pattern": "<a><b>"}, "at least one character between two parts"),
        ({"pattern": "<all>"}, "fits every customer_id"),
        ({"pattern": ORDER}, "The site has this pattern already."),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"purpose": "marketing", "used_up": "on"}, "more than one message"),
    ],
)
def test_a_mistake_stands_at_its_field(site: Site, more: dict[str, object], words: str) -> None:
    assert words in add(site, **more)
    assert IdPattern.objects.filter(site=site).count() == 2


def test_one_that_another_stands_before_is_said(site: Site) -> None:
    assert "which stands before it and decides" in add(site, pattern="order-vip-<number>")


def test_the_help_shows_its_angle_brackets() -> None:
    assert "order-&lt;number&gt;" in client_as(ADMINISTRATORS).get(reverse("admin:optins_idpattern_add")).text


def test_marketing_looks_and_does_not_write(site: Site) -> None:
    client = client_as(MARKETING)

    assert (
        ORDER.replace("<", "&lt;").replace(">", "&gt;") in client.get(reverse("admin:optins_idpattern_changelist")).text
    )
    assert client.get(reverse("admin:optins_idpattern_add")).status_code == 403
