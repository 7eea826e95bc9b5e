"""The same events in whatever order, from however many workers, come to the same rows."""

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from pages.conversations.mirror import mirror
from pages.events import Delivered, Event, Reacted, WasRead
from pages.models import Thread, ThreadMessage, WebhookEvent
from tests.pages.conversations.events import Person, at
from tests.support import facebook
from tests.support.racing import race

KEYS = iter(range(10_000))


def store(body: dict[str, Any], person: Person) -> None:
    now = timezone.now()
    WebhookEvent.objects.create(
        key=f"k{next(KEYS)}",
        page_id=person.page.page_id,
        psid=person.psid,
        kind="stored",
        happened_at=now,
        received_at=now,
        next_try_at=now,
        body=body,
    )


def what_stands() -> tuple[object, ...]:
    thread = Thread.objects.get()
    names = ("first_at", "last_at", "acted_at", "excerpt", "last_kind", "unread", "delivered_to", "read_to")
    messages = ThreadMessage.objects.values_list("mid", "text", "writer", "reactions")
    return tuple(getattr(thread, name) for name in names), tuple(map(repr, messages))


def test_any_order_comes_to_the_same(person: Person) -> None:
    page, psid = person.page.page_id, person.psid
    store(facebook.delivery(page, psid, at(2)), person)
    store(facebook.read(page, psid, at(3), at=at(3)), person)
    store(facebook.reaction(page, psid, "m_out", "❤", at=at(4)), person)
    events: list[Event] = [
        person.wrote("Un", minutes=0),
        person.got("Deux", minutes=1, mid="m_out"),
        person.did(Delivered, minutes=2, watermark=at(2)),
        person.did(WasRead, minutes=3, watermark=at(3)),
        person.did(Reacted, minutes=4, mid="m_out", emoji="❤"),
    ]
    came_to = set()
    for order in permutations(events):
        Thread.objects.all().delete()
        person.tell(*order)
        came_to.add(what_stands())

    assert len(came_to) == 1
    thread = Thread.objects.get()
    assert (thread.unread, thread.read_to, thread.acted_at) == (1, at(3), at(4))


def test_receipts_only_move_forward(person: Person) -> None:
    later = person.did(WasRead, minutes=9, watermark=at(9))
    thread = person.tell(
        person.got(), later, person.did(Delivered, watermark=at(5)), person.did(WasRead, watermark=at(1))
    )

    assert thread is not None
    assert (thread.delivered_to, thread.read_to) == (at(9), at(9))


def test_a_receipt_alone_brings_nobody_back(person: Person) -> None:
    assert person.tell(person.did(WasRead, watermark=at(1))) is None
    assert not Thread.objects.exists()


def test_a_reaction_that_was_taken_back_stays_away(person: Person) -> None:
    hearted = person.did(Reacted, minutes=1, mid="m_1", emoji="❤")
    person.tell(person.got(mid="m_1"), hearted, person.did(Reacted, minutes=2, mid="m_1"), hearted)

    assert ThreadMessage.objects.get().reactions[0]["emoji"] == ""


@pytest.mark.django_db(transaction=True)
def test_workers_that_meet_somebody_at_the_same_instant_make_one_thread(transactional_db: None) -> None:
    from django.db import transaction

    from tests.factories import LinkedPageFactory

    someone = Person(LinkedPageFactory())

    def tell(event: Event, now: datetime) -> None:
        with transaction.atomic():
            mirror(page=someone.page, event=event, now=now)

    events = [someone.wrote(f"Mot {n}", minutes=n) for n in (0, 1, 1, 2)]
    outcomes = race(*(lambda event=event: tell(event, at(60)) for event in events))

    assert outcomes == [None] * 4
    thread = Thread.objects.get()
    assert (thread.unread, thread.messages.count(), thread.excerpt) == (3, 3, "Mot 2")
