"""The guide's own call, through the whole of Django."""

import pytest
from django.test import Client

from notifications.models import Delivery
from notifications.states import DeliveryState, Origin
from optins.models import OptIn
from tests.factories import OptInFactory
from tests.support import guide
from tests.support.api import Caller, messages_of, secret_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    optin: OptIn = OptInFactory()
    return optin


@pytest.mark.parametrize("name", guide.NAMES)
def test_the_guides_bodies_work_unchanged(client: Client, optin: OptIn, name: str) -> None:
    address = f"{messages_of(optin.page, optin.customer_id)}?access_token={secret_for(optin.page)}"

    answer = client.generic("POST", address, guide.text(name), "application/json")

    assert answer.status_code == 202, answer.content
    row = Delivery.objects.get()
    assert answer.json()["data"]["id"] == row.pk
    assert (row.state, row.origin, row.optin) == (DeliveryState.QUEUED, Origin.API, optin)
    assert row.content.as_dict() == guide.body(name)


@pytest.mark.parametrize("customer_id", ["a/b", "Ünïcode ☂", "50%", "a?b#c", "messages/messages"])
def test_an_id_may_hold_anything(customer_id: str) -> None:
    optin = OptInFactory(customer_id=customer_id)

    answer = Caller(secret_for(optin.page)).post(messages_of(optin.page, customer_id), guide.text("text"))

    assert answer.status_code == 202, answer.content
    assert Delivery.objects.get().optin == optin
