"""Single messages."""

import pytest
from django.utils import timezone

from notifications import payloads
from notifications.models import Content, Delivery
from notifications.services.contents import freeze
from notifications.services.deliveries import NotOptedIn, PageCannotSend, send_test
from notifications.states import DeliveryState, Origin
from optins.customer_ids import CustomerIdError
from optins.services import revoke
from tests.factories import OptInFactory, PageFactory, UserFactory
from tests.support.racing import race

MESSAGE = payloads.parse({"text": "Hello"})

pytestmark = pytest.mark.django_db


def test_a_test_becomes_a_row_that_is_due_at_once() -> None:
    optin = OptInFactory(customer_id="FR-1")

    row = send_test(message=MESSAGE, page=optin.page, customer_id=" FR-1 ", actor=UserFactory(), now=timezone.now())

    assert (row.optin, row.origin, row.state) == (optin, Origin.TEST, DeliveryState.QUEUED)


def test_a_test_to_somebody_who_did_not_agree_is_refused() -> None:
    optin = OptInFactory()
    revoke(optin=optin, actor=None, now=timezone.now())

    for customer_id in (optin.customer_id, "nobody"):
        with pytest.raises(NotOptedIn, match=customer_id):
            send_test(message=MESSAGE, page=optin.page, customer_id=customer_id, actor=None, now=timezone.now())
    assert not Delivery.objects.exists()


def test_a_test_on_a_page_that_cannot_send_is_refused() -> None:
    with pytest.raises(PageCannotSend, match="not linked"):
        send_test(message=MESSAGE, page=PageFactory(), customer_id="FR-1", actor=None, now=timezone.now())


def test_a_test_to_an_impossible_id_is_refused() -> None:
    with pytest.raises(CustomerIdError):
        send_test(message=MESSAGE, page=OptInFactory().page, customer_id=" ", actor=None, now=timezone.now())


def test_the_same_message_is_frozen_once() -> None:
    assert freeze(MESSAGE) == freeze(payloads.parse({"text": "Hello"}))
    assert freeze(MESSAGE) != freeze(payloads.parse({"text": "Hello!"}))


@pytest.mark.django_db(transaction=True)
def test_freezing_at_once_makes_one_content() -> None:
    results = race(*[lambda: freeze(MESSAGE).pk] * 4)

    assert len(set(map(str, results))) == Content.objects.count() == 1
