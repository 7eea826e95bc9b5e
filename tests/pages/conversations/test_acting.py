"""What staff do with a conversation, each once and written down."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from pages.conversations import acting
from pages.models import AuditEntry, Thread
from tests.factories import UserFactory
from tests.pages.conversations.events import Person


@pytest.fixture
def thread(person: Person) -> Thread:
    found = person.tell(person.wrote())
    assert found is not None
    return found


@pytest.fixture
def agent(db: None) -> User:
    user: User = UserFactory()
    return user


def done() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_whoever_takes_first_has_it(thread: Thread, agent: User) -> None:
    assert acting.take(thread=thread, actor=agent)
    assert not acting.take(thread=thread, actor=UserFactory())

    thread.refresh_from_db()
    assert (thread.assigned_to, done()) == (agent, ["thread.assigned"])


def test_it_is_given_to_somebody_and_back_to_everybody(thread: Thread, agent: User) -> None:
    other = UserFactory(username="zoe")
    assert acting.assign(thread=thread, to=other, actor=agent)
    assert not acting.assign(thread=thread, to=other, actor=agent)
    assert acting.assign(thread=thread, to=None, actor=agent)
    assert not acting.assign(thread=thread, to=None, actor=agent)

    assert [entry.detail for entry in AuditEntry.objects.order_by("id")] == [{"to": "zoe"}, {"to": None}]


def test_closing_and_opening_are_done_once(thread: Thread, agent: User) -> None:
    assert acting.close(thread=thread, actor=agent, now=timezone.now())
    assert not acting.close(thread=thread, actor=agent, now=timezone.now())
    thread.refresh_from_db()
    assert (thread.closed_at is None, thread.unread) == (False, 0)

    assert acting.reopen(thread=thread, actor=agent)
    assert not acting.reopen(thread=thread, actor=agent)
    assert done() == ["thread.closed", "thread.reopened"]


def test_what_came_after_the_look_stays_unread(person: Person, thread: Thread) -> None:
    seen = thread.messages.get().pk
    person.tell(person.wrote("Plus tard", minutes=5), person.wrote("En retard", minutes=-5))

    acting.mark_read(thread=thread, until=seen)

    thread.refresh_from_db()
    assert thread.unread == 2


def test_what_was_seen_is_read_and_can_be_marked_again(thread: Thread) -> None:
    acting.mark_read(thread=thread, until=thread.messages.get().pk)
    thread.refresh_from_db()
    assert thread.unread == 0

    acting.mark_unread(thread=thread)
    thread.refresh_from_db()
    assert thread.unread == 1
