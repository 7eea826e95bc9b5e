"""Before its first automated message a person is told, once, that messages are automated."""

import pytest

from notifications.models import Attempt, Delivery
from notifications.services.pumping import pump_page
from notifications.states import DeliveryState
from pages.models import Page
from tests.factories import ConnectedPageFactory, DeliveryFactory, OptInFactory, RecipientFactory, ThreadFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again, psid, thread_of
from tests.support.graph import Graph, error, hang_up, refusing_once

pytestmark = pytest.mark.django_db(transaction=True)

TOLD, WORDS = {"text": "Automated."}, {"text": "Your order has been placed."}


def test_it_goes_before_the_first_message_and_is_kept(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(told=False)
    row = DeliveryFactory(optin=optin)

    pump_page(page.pk)

    assert facebook.got(psid(optin)) == [TOLD, WORDS]
    assert thread_of(optin).disclosed_at is not None
    row.refresh_from_db()
    assert (row.state, row.parts_sent) == (DeliveryState.SENT, 1)
    assert sorted(Attempt.objects.values_list("part", flat=True)) == [0, 1000]


def test_it_is_said_once(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(told=False)
    DeliveryFactory(optin=optin)
    DeliveryFactory(optin=optin)
    pump_page(page.pk)
    DeliveryFactory(optin=optin)
    due_again(page)

    pump_page(page.pk)

    assert facebook.got(psid(optin)) == [TOLD, WORDS, WORDS, WORDS]


def test_whoever_was_told_is_not_told_again(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(told=True)
    DeliveryFactory(optin=optin)

    pump_page(page.pk)

    assert facebook.got(psid(optin)) == [WORDS]


def test_a_retry_after_it_does_not_repeat_it(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(told=False)
    DeliveryFactory(optin=optin)
    facebook.told = refusing_once(error(613), when=lambda call: call.part == 0)
    pump_page(page.pk)
    assert Delivery.objects.get().state == DeliveryState.QUEUED
    due_again(page)

    pump_page(page.pk)

    assert facebook.got(psid(optin)) == [TOLD, WORDS, WORDS]
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_one_that_was_not_accepted_counts_as_not_said(facebook: Graph, person: NewPerson, page: Page) -> None:
    optin = person(told=False)
    DeliveryFactory(optin=optin)
    facebook.told = lambda _call: hang_up

    pump_page(page.pk)

    assert thread_of(optin).disclosed_at is None
    row = Delivery.objects.get()
    assert (row.state, row.parts_sent) == (DeliveryState.UNKNOWN, 0)


def test_without_words_of_its_own_the_page_says_ours(facebook: Graph) -> None:
    page = ConnectedPageFactory(name="Boutique")
    recipient = RecipientFactory(page=page)
    ThreadFactory(page=page, psid=recipient.psid)
    DeliveryFactory(optin=OptInFactory(page=page, recipient=recipient))

    pump_page(page.pk)

    assert facebook.calls[0].text == "The messages that Boutique sends you here are sent automatically."
