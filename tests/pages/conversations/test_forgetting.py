"""Nothing that a person said, and nothing that names the person, is left."""

from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Delivery
from notifications.states import Origin
from pages.conversations.forgetting import forget
from pages.conversations.searching import said
from pages.models import Thread, ThreadMessage, WebhookEvent
from tests.factories import ContentFactory
from tests.pages.conversations.events import Person
from tests.pages.conversations.test_mirror_order import store


@pytest.fixture
def thread(person: Person) -> Thread:
    found = person.tell(person.wrote("Je m’appelle Claire"))
    assert found is not None
    Thread.objects.update(name="Claire", picture_url="https://cdn.example.com/c.jpg")
    return found


def answer(thread: Thread) -> Delivery:
    now: Any = timezone.now()
    return Delivery.objects.create(
        page=thread.page, thread=thread, content=ContentFactory(), origin=Origin.REPLY, created_at=now, due_at=now
    )


def test_a_conversation_goes_with_its_events(person: Person, thread: Thread) -> None:
    other = Person(person.page, "7099")
    other.tell(other.wrote())
    for each in (person, other):
        store({}, each)

    assert forget(page=person.page, psid=person.psid, now=timezone.now())

    assert [each.psid for each in Thread.objects.all()] == ["7099"]
    assert [event.psid for event in WebhookEvent.objects.all()] == ["7099"]
    assert not said("claire")


def test_an_answered_one_stays_as_a_row_that_names_nobody(person: Person, thread: Thread) -> None:
    answer(thread)

    forget(page=person.page, psid=person.psid, now=timezone.now())

    left = Thread.objects.get()
    assert left.psid.startswith("erased-")
    assert (left.name, left.picture_url, left.excerpt, left.acted_at, left.unread) == ("", "", "", None, 0)
    assert left.closed_at is not None
    assert not ThreadMessage.objects.exists()


def test_a_receipt_afterwards_brings_nobody_back_and_words_begin_anew(person: Person, thread: Thread) -> None:
    from pages.events import WasRead
    from tests.pages.conversations.events import at

    answer(thread)
    forget(page=person.page, psid=person.psid, now=timezone.now())

    assert person.tell(person.did(WasRead, watermark=at(1))) is None
    again = person.tell(person.wrote("Bonjour"))
    assert again is not None
    assert (again.pk == thread.pk, again.messages.count()) == (False, 1)


def test_who_has_no_conversation_has_none_to_forget(person: Person) -> None:
    assert not forget(page=person.page, psid="7000", now=timezone.now())


def test_erasing_a_customer_takes_the_conversation_and_what_was_answered(person: Person, thread: Thread) -> None:
    from notifications.states import DeliveryState
    from optins.services.erasing import erase
    from tests.factories import OptInFactory, RecipientFactory

    recipient = RecipientFactory(page=person.page, psid=person.psid)
    optin = OptInFactory(page=person.page, recipient=recipient)
    delivery = answer(thread)
    content = ContentFactory(body='{"text": "Chère Claire"}')
    Delivery.objects.filter(pk=delivery.pk).update(content=content, provider_message_id="m_1")

    erase(optin=optin, actor=None, now=timezone.now())

    delivery.refresh_from_db()
    assert (delivery.state, delivery.provider_message_id) == (DeliveryState.SKIPPED, "")
    assert "Claire" not in delivery.content.body
    assert Thread.objects.get().name == ""
    assert not ThreadMessage.objects.exists()


def test_a_conversation_stays_while_another_agreement_of_the_person_does(person: Person, thread: Thread) -> None:
    from optins.services.erasing import erase
    from tests.factories import OptInFactory, RecipientFactory

    recipient = RecipientFactory(page=person.page, psid=person.psid)
    optin = OptInFactory(page=person.page, recipient=recipient)
    OptInFactory(page=person.page, recipient=recipient)

    erase(optin=optin, actor=None, now=timezone.now())

    assert Thread.objects.get().name == "Claire"
