"""The front door leads each person to where they work."""

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from tests.factories import UserFactory
from tests.people import NOBODY, STRANGER, SUPERUSER, client_as, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "workplace"),
    [
        (SUPERUSER, "admin:index"),
        (ADMINISTRATORS, "admin:index"),
        (MARKETING, "admin:notifications_campaign_changelist"),
        (SUPPORT, "admin:notifications_delivery_changelist"),
    ],
)
def test_each_role_is_led_to_its_workplace(role: str, workplace: str) -> None:
    response = client_as(role).get("/")
    assert (response.status_code, response.headers["Location"]) == (302, reverse(workplace))


def test_nobody_is_led_to_the_login_and_back() -> None:
    response = client_as(NOBODY).get("/")
    assert response.headers["Location"] == reverse("admin:login") + "?next=/"


def test_who_may_do_nothing_yet_is_told_so_and_may_leave() -> None:
    response = client_as(STRANGER).get("/")
    assert response.status_code == 403
    text = response.content.decode()
    assert "may not see anything yet" in text
    assert reverse("admin:logout") in text


def test_an_account_that_is_no_staff_is_told_so() -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=False, is_superuser=True))
    assert client.get("/").status_code == 403


def test_logging_in_leads_to_the_workplace() -> None:
    user = person(MARKETING)
    user.set_password("correct-horse-battery")
    user.save(update_fields=["password"])
    client = Client()
    response = client.post(
        reverse("admin:login"), {"username": user.username, "password": "correct-horse-battery"}, follow=True
    )
    assert response.redirect_chain[-1] == (reverse("admin:notifications_campaign_changelist"), 302)
