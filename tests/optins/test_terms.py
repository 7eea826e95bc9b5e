"""What an agreement may be used for and how long it lives, by the site's patterns; and what looks like a mistake."""

from datetime import timedelta

import pytest
from django.utils import timezone

from optins import customer_ids
from optins.models import IdPattern
from optins.services import Agreement, agree
from optins.services.terms import terms_of
from optins.states import Lifetime, Purpose, Source
from pages.models import Page
from tests.factories import LinkedPageFactory, PageFactory

NOW = timezone.now()


@pytest.fixture
def page() -> Page:
    made: Page = LinkedPageFactory()
    return made


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("customer_id", "expected"),
    [
        ("order-871", (Purpose.TRANSACTIONAL, Lifetime.TEMPORARY, NOW + timedelta(days=365), False)),
        ("instock-AB123-k4", (Purpose.ALERT, Lifetime.TEMPORARY, NOW + timedelta(days=180), True)),
        ("FR-012345", (Purpose.MARKETING, Lifetime.DURABLE, None, False)),
    ],
)
def test_the_pattern_that_fits_decides(page: Page, customer_id: str, expected: tuple[object, ...]) -> None:
    optin = agree(page=page, customer_id=customer_id, agreement=Agreement(source=Source.API), now=NOW)

    assert (optin.purpose, optin.lifetime, optin.expires_at, optin.used_up) == expected


@pytest.mark.django_db
def test_the_first_of_several_decides(page: Page) -> None:
    assert page.site
    vip = IdPattern.objects.create(
        site=page.site, name="VIP", pattern="order-vip-<number>", purpose=Purpose.MARKETING, position=9
    )
    assert terms_of(page=page, customer_id="order-vip-1", now=NOW).purpose == Purpose.TRANSACTIONAL  # type: ignore[union-attr]

    IdPattern.objects.exclude(pk=vip.pk).update(position=10)
    assert terms_of(page=page, customer_id="order-vip-1", now=NOW).purpose == Purpose.MARKETING  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_page_without_a_site_knows_no_pattern() -> None:
    assert terms_of(page=PageFactory(), customer_id="order-1", now=NOW) is None


@pytest.mark.django_db
def test_what_is_said_goes_before_the_pattern(page: Page) -> None:
    soon = NOW + timedelta(days=1)
    told = Agreement(source=Source.IMPORT, expires_at=soon, purpose=Purpose.ALERT, used_up=False)
    optin = agree(page=page, customer_id="order-1", agreement=told, now=NOW)

    assert (optin.purpose, optin.expires_at, optin.used_up) == (Purpose.ALERT, soon, False)


@pytest.mark.django_db
def test_a_durable_agreement_expires_by_no_pattern(page: Page) -> None:
    told = Agreement(source=Source.STAFF, lifetime=Lifetime.DURABLE)
    optin = agree(page=page, customer_id="order-1", agreement=told, now=NOW)

    assert (optin.lifetime, optin.expires_at) == (Lifetime.DURABLE, None)


@pytest.mark.django_db
def test_nothing_is_widened_by_being_told_again(page: Page) -> None:
    told = Agreement(source=Source.IMPORT, purpose=Purpose.TRANSACTIONAL)
    agree(page=page, customer_id="FR-1", agreement=told, now=NOW)
    again = agree(page=page, customer_id="FR-1", agreement=Agreement(source=Source.API), now=NOW)

    assert again.purpose == Purpose.TRANSACTIONAL


@pytest.mark.django_db
def test_what_a_system_repeats_is_agreed_to_once_whatever_the_pattern_adds(page: Page) -> None:
    for days in (0, 1, 2):
        told = Agreement(source=Source.API)
        optin = agree(page=page, customer_id="order-1", agreement=told, now=NOW + timedelta(days=days))

    assert optin.events.count() == 1


@pytest.mark.parametrize(
    ("customer_id", "code"),
    [
        ("{{customer_id}}", "placeholder"),
        ("${user.id}", "placeholder"),
        ("<%= id %>", "placeholder"),
        ("%CUSTOMER_ID%", "placeholder"),
        ("undefined", "nothing"),
        ("NULL", "nothing"),
        ("[object Object]", "nothing"),
        ("0", "nothing"),
        ("--", "nothing"),
        ("claire.martin@example.com", "e_mail"),
        ("FR-012345", None),
        ("order-871", None),
        ("instock-AB123-k45332j9i54", None),
        ("100", None),
        ("nullarbor-1", None),
        ("50%", None),
        ("a@b", None),
    ],
)
def test_an_obvious_mistake_is_seen(customer_id: str, code: str | None) -> None:
    assert customer_ids.suspicion(customer_id) == code
