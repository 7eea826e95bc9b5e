"""A token that is entered while a worker runs: its next turn takes it, without a restart and without an incident."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from notifications.services.pumping import pump_page
from notifications.states import DeliveryState
from pages.models import Incident, Page
from pages.services.tokens import set_token
from pages.states import GatewayKind
from tests.factories import DeliveryFactory, LinkedPageFactory, OptInFactory
from tests.support.far_end import OK, FarEnd

pytestmark = pytest.mark.django_db(transaction=True)


def send_one(page: Page) -> None:
    delivery = DeliveryFactory(optin=OptInFactory(page=page))
    pump_page(page.pk)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def tokens(far_end: FarEnd) -> list[str]:
    targets = (request.split(b" ", 2)[1].decode() for request in far_end.requests)
    return [target.partition("access_token=")[2] for target in targets]


def test_the_next_turn_takes_the_new_token(settings: Settings) -> None:
    page = LinkedPageFactory(gateway=GatewayKind.IADVIZE, token="before")
    with FarEnd(OK) as far_end:
        settings.IADVIZE_BASE_URL = far_end.url
        send_one(page)
        set_token(page=page, token="after", actor=None, now=timezone.now())
        send_one(page)
    assert tokens(far_end) == ["before", "after"]
    assert not Incident.objects.exists()


def test_keys_are_rotated_under_a_worker_that_goes_on(settings: Settings) -> None:
    old, new = (Fernet.generate_key().decode() for _key in range(2))
    settings.TOKEN_KEYS = [old]
    page = LinkedPageFactory(gateway=GatewayKind.IADVIZE, token="the-token")
    with FarEnd(OK) as far_end:
        settings.IADVIZE_BASE_URL = far_end.url
        send_one(page)
        settings.TOKEN_KEYS = [new, old]
        call_command("rotate_keys", verbosity=0)
        send_one(page)
        settings.TOKEN_KEYS = [new]
        send_one(page)
    assert tokens(far_end) == ["the-token"] * 3
    assert not Incident.objects.exists()
