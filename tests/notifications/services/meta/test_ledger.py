"""What the rest of the ledger makes of parts and of replies: the audit, callbacks, erasing."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from notifications.models import Attempt, CallbackEvent, Delivery
from notifications.services import erasing
from notifications.services.auditing.checks import CHECKS
from notifications.services.auditing.run import disagreements, snapshot
from notifications.services.pumping import pump_page
from notifications.services.replies import reply
from notifications.states import DeliveryState
from pages.models import Page, Thread
from tests.factories import CallbackFactory, ContentFactory, DeliveryFactory, ThreadFactory, UserFactory
from tests.notifications.services.meta.conftest import NewPerson, due_again
from tests.notifications.services.meta.test_parts import BOTH
from tests.support.graph import Graph, error, hang_up, refusing_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> User:
    return UserFactory()


@pytest.fixture
def thread(page: Page) -> Thread:
    return ThreadFactory(page=page)


def found_by_the_audit() -> list[object]:
    with snapshot():
        return [found for check in CHECKS for found in disagreements(check, now=timezone.now())]


def test_parts_of_one_message_are_one_try_to_the_audit(facebook: Graph, person: NewPerson, page: Page) -> None:
    content = ContentFactory(kind="image", body=BOTH)
    for _each in range(3):
        DeliveryFactory(optin=person(told=False), content=content)
    facebook.told = refusing_once(error(4), when=lambda call: call.part == 1)
    pump_page(page.pk)
    due_again(page)
    facebook.told = refusing_once(hang_up, when=lambda call: call.part == 1)  # type: ignore[arg-type]
    pump_page(page.pk)

    assert Attempt.objects.count() > 6
    assert found_by_the_audit() == []


def test_the_sites_systems_are_not_told_of_answers(facebook: Graph, page: Page, thread: Thread, agent: User) -> None:
    CallbackFactory(site=page.site)
    reply(thread=thread, body={"text": "Bonjour"}, actor=agent, now=timezone.now())

    pump_page(page.pk)

    assert Delivery.objects.get().state == DeliveryState.SENT
    assert not CallbackEvent.objects.exists()


def test_a_forgotten_conversation_leaves_no_words_and_no_ids(
    facebook: Graph, page: Page, thread: Thread, agent: User
) -> None:
    row = reply(thread=thread, body={"text": "Bonjour Zoë"}, actor=agent, now=timezone.now())
    pump_page(page.pk)

    erasing.forget_conversation(thread=thread, now=timezone.now())

    row.refresh_from_db()
    tried = Attempt.objects.get()
    assert (row.provider_message_id, tried.answer, tried.message_id) == ("", "", "")
    assert "Zoë" not in row.content.body
