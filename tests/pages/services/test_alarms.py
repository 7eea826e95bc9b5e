"""A page that stopped is told to those who can mend it: once, and never not at all."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.utils import timezone

from pages.models import Incident, Page
from pages.models.incident import IncidentKind
from pages.services import alarms
from pages.services.incidents import hold_page, release_page
from tests.factories import PageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    return PageFactory(name="Maison\r\nLilas")


@pytest.fixture
def admin() -> User:
    return administrator("claire@shop.example")


def administrator(email: str) -> User:
    person: User = UserFactory(email=email)
    person.user_permissions.add(Permission.objects.get(codename="set_token"))
    return person


def hold(page: Page, detail: str = "") -> Incident:
    hold_page(page=page, kind=IncidentKind.TOKEN_REFUSED, detail=detail, now=timezone.now())
    return page.incidents.get()


def test_the_letter_says_what_why_and_the_way_out(page: Page, admin: User) -> None:
    hold(page, "Error validating access token")
    assert alarms.tell(now=timezone.now()) == 1
    letter = mail.outbox[0]
    assert letter.to == ["claire@shop.example"]
    assert letter.subject == "Maison Lilas is on hold"
    for words in ("refused the page's token (Error validating", "Get a fresh token", f"/pages/page/{page.pk}/change/"):
        assert words in letter.body


def test_once_for_each_incident(page: Page, admin: User) -> None:
    hold(page)
    now = timezone.now()
    assert [alarms.tell(now=now + timedelta(hours=hours)) for hours in (0, 1, 48)] == [1, 0, 0]
    release_page(page=page, actor=None, now=now)
    hold_page(page=page, kind=IncidentKind.RESTRICTED, detail="", now=now)
    assert alarms.tell(now=now) == 1
    assert len(mail.outbox) == 2


def test_each_reader_has_a_letter_of_their_own(page: Page, admin: User) -> None:
    administrator("john@shop.example")
    hold(page)
    alarms.tell(now=timezone.now())
    assert [letter.to for letter in mail.outbox] == [["claire@shop.example"], ["john@shop.example"]]


def test_only_those_who_can_mend_it_are_told(page: Page, admin: User) -> None:
    UserFactory(email="marketing@shop.example")
    administrator("left@shop.example").delete()
    User.objects.filter(pk=administrator("gone@shop.example").pk).update(is_active=False)
    assert alarms.addresses() == ["claire@shop.example"]


def test_a_mended_page_is_no_news(page: Page, admin: User) -> None:
    hold(page)
    release_page(page=page, actor=None, now=timezone.now())
    assert alarms.tell(now=timezone.now()) == 0


def test_while_nobody_has_an_address_it_waits(page: Page) -> None:
    hold(page)
    now = timezone.now()
    assert alarms.tell(now=now) == 0
    administrator("claire@shop.example")
    assert alarms.tell(now=now + timedelta(minutes=1)) == 0
    assert alarms.tell(now=now + timedelta(minutes=6)) == 1


def test_however_often_it_failed_the_wait_has_an_end(page: Page) -> None:
    incident = hold(page)
    Incident.objects.filter(pk=incident.pk).update(tell_tries=30_000)
    now = timezone.now()
    alarms.tell(now=now)
    incident.refresh_from_db()
    assert incident.tell_at == now + alarms.LONGEST


@pytest.fixture
def hangs_up() -> Iterator[int]:
    """A mail server that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        yield server.getsockname()[1]


def test_a_mail_server_that_is_down_is_tried_again(page: Page, admin: User, hangs_up: int, settings: object) -> None:
    hold(page)
    now = timezone.now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", hangs_up  # type: ignore[attr-defined]
    assert alarms.tell(now=now) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    assert alarms.tell(now=now + timedelta(minutes=4)) == 0
    assert alarms.tell(now=now + timedelta(minutes=6)) == 1
