"""Lists in keyset pages: each conversation once, whatever moves meanwhile."""

from datetime import UTC, datetime

import pytest

from pages.conversations.listing import Place, Which, after, messages, threads
from pages.models import Thread
from tests.factories import LinkedPageFactory, UserFactory
from tests.pages.conversations.events import Person, at


def someone(person: Person, number: int, **changes: object) -> Thread:
    each = Person(person.page, f"70{number:04}")
    thread = each.tell(each.wrote(minutes=number // 2))
    assert thread is not None
    Thread.objects.filter(pk=thread.pk).update(**changes)
    return thread


def test_each_list_has_its_own(person: Person) -> None:
    me, other = UserFactory(), UserFactory()
    mine = someone(person, 1, assigned_to=me, unread=0)
    theirs = someone(person, 2, assigned_to=other)
    free = someone(person, 3, unread=0)
    closed = someone(person, 4, closed_at=at(60), unread=0)

    seen = {which: {thread.pk for thread in threads(which=which, user=me)} for which in Which}
    assert seen == {
        Which.OPEN: {mine.pk, theirs.pk, free.pk},
        Which.UNREAD: {theirs.pk},
        Which.MINE: {mine.pk},
        Which.NOBODYS: {free.pk},
        Which.CLOSED: {closed.pk},
    }


def test_a_list_is_narrowed_to_a_page(person: Person) -> None:
    thread = someone(person, 1)
    other = LinkedPageFactory()

    assert [each.pk for each in threads(which=Which.OPEN, user=UserFactory(), page_pk=person.page.pk)] == [thread.pk]
    assert not threads(which=Which.OPEN, user=UserFactory(), page_pk=other.pk)


def test_pages_follow_each_other_without_gap_or_repetition(person: Person) -> None:
    everyone = {someone(person, number).pk for number in range(7)}
    rows = threads(which=Which.OPEN, user=UserFactory())
    seen: list[int] = []
    place = None
    while found := list(after(rows, place)[:2]):
        seen += [thread.pk for thread in found]
        place = Place.read(str(Place(found[-1].last_at, found[-1].pk)))

    assert len(seen) == len(everyone)
    assert set(seen) == everyone


def test_messages_of_the_same_instant_follow_each_other_too(person: Person) -> None:
    thread = person.tell(*(person.wrote(str(n), mid=f"m_{n}", minutes=0) for n in range(5)))
    assert thread is not None
    first = list(messages(thread)[:2])
    rest = list(messages(thread, before=Place(first[-1].at, first[-1].pk)))

    assert len({message.pk for message in first + rest}) == 5


@pytest.mark.parametrize("written", ["", "x", "1.x", "nan.1", "1e400.1", "-1", "1.99999999999999999999", "1.²"])
def test_what_is_no_place_is_none(written: str) -> None:
    assert Place.read(written) is None


def test_a_place_comes_back_to_the_microsecond() -> None:
    place = Place(datetime(2026, 11, 22, 13, 3, 59, 999_999, tzinfo=UTC), 2**53)
    assert Place.read(str(place)) == place
