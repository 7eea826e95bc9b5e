"""Events become threads and messages: each once, whoever wrote it."""

from typing import Any

import pytest
from django.conf import settings

from pages.conversations import excerpts
from pages.events import Event, OptedIn, PolicyEnforced, PostbackReceived, Reacted, Referral, Referred
from pages.models import Thread, ThreadMessage
from pages.models.thread import Direction, Writer
from tests.pages.conversations.events import PAGE_INBOX, Person, at

IMAGE = {"type": "image", "payload": {"url": "https://cdn.example.com/1.jpg"}}
CAROUSEL = {"type": "template", "payload": {"template_type": "generic", "elements": [{"title": "Sac en cuir"}]}}


def test_a_message_makes_a_thread_that_waits_for_an_answer(person: Person) -> None:
    thread = person.tell(person.wrote("Où est  mon\ncolis ?", minutes=3))

    assert thread is not None
    assert (thread.psid, thread.excerpt, thread.unread) == (person.psid, "Où est mon colis ?", 1)
    assert thread.first_at == thread.last_at == thread.acted_at == at(3)
    message = thread.messages.get()
    assert (message.text, message.direction, message.writer) == ("Où est  mon\ncolis ?", Direction.IN, Writer.PERSON)


def test_a_message_that_is_told_again_changes_nothing(person: Person) -> None:
    event = person.wrote()
    person.tell(event, event)

    assert Thread.objects.get().unread == 1
    assert ThreadMessage.objects.count() == 1


def test_attachments_are_kept_and_named_in_the_list(person: Person) -> None:
    thread = person.tell(person.wrote("", attachments=(IMAGE,)))

    assert thread is not None
    assert (thread.excerpt, thread.last_kind) == ("", "image")
    assert thread.messages.get().attachments == [IMAGE]


def test_a_carousel_is_excerpted_by_its_first_card(person: Person) -> None:
    thread = person.tell(person.got("", attachments=(CAROUSEL,)))

    assert thread is not None
    assert (thread.excerpt, thread.last_kind) == ("Sac en cuir", "template")


@pytest.mark.parametrize(
    ("app_id", "metadata", "writer"),
    [
        (PAGE_INBOX, "", Writer.PAGE_INBOX),
        ("", "", Writer.PAGE_INBOX),
        ("own", f"ma1:{'0' * 32}:1:0", Writer.NOTIFICATION),
        ("own", "somebody else's", Writer.OTHER_APP),
        ("999", f"ma1:{'0' * 32}:1:0", Writer.OTHER_APP),
        ("999", "", Writer.OTHER_APP),
    ],
)
def test_an_echo_says_whose_hand_it_was(person: Person, app_id: str, metadata: str, writer: Writer) -> None:
    app_id = settings.FACEBOOK_APP_ID if app_id == "own" else app_id
    thread = person.tell(person.got(app_id=app_id, metadata=metadata))

    assert thread is not None
    assert thread.messages.get().writer == writer


def test_what_the_page_sends_opens_no_window_and_is_not_unread(person: Person) -> None:
    thread = person.tell(person.got())

    assert thread is not None
    assert (thread.acted_at, thread.unread, thread.last_direction) == (None, 0, Direction.OUT)


def test_a_tap_is_a_message_that_says_what_was_tapped(person: Person) -> None:
    came = Referral(ref="t_5kd93", source="SHORTLINK")
    tapped = person.did(PostbackReceived, mid="m_p", title="Démarrer", payload="GET_STARTED", referral=came)
    thread = person.tell(tapped)

    assert thread is not None
    message = thread.messages.get()
    assert (message.text, thread.unread, thread.acted_at) == ("Démarrer", 1, at(0))
    assert message.origin["postback"]["payload"] == "GET_STARTED"
    assert message.origin["referral"]["ref"] == "t_5kd93"


@pytest.mark.parametrize(
    "arrival", [(Referred, {"referral": Referral(ref="t_1")}), (OptedIn, {"ref": "t_1"})], ids=["link", "plugin"]
)
def test_an_arrival_opens_the_window_and_asks_for_no_answer(
    person: Person, arrival: tuple[type[Event], dict[str, Any]]
) -> None:
    kind, more = arrival
    event = person.did(kind, **more)
    thread = person.tell(event, event)

    assert thread is not None
    assert (thread.acted_at, thread.unread, thread.last_kind) == (at(0), 0, excerpts.ARRIVAL)
    assert thread.messages.count() == 1


def test_a_retired_token_is_no_arrival(person: Person) -> None:
    assert person.tell(person.did(OptedIn, type="notification_messages", payload="P")) is None
    assert not Thread.objects.exists()


def test_what_names_nobody_has_no_thread(person: Person) -> None:
    event = PolicyEnforced(page_id=person.page.page_id, psid="", at=at(0), action="block")

    assert person.tell(event) is None


def test_a_reaction_stands_at_its_message_and_opens_the_window(person: Person) -> None:
    thread = person.tell(person.got(mid="m_1"), person.did(Reacted, mid="m_1", emoji="❤", minutes=5))

    assert thread is not None
    assert (thread.acted_at, thread.unread) == (at(5), 0)
    assert thread.messages.get().reactions[0]["emoji"] == "❤"


def test_in_standby_nobody_here_is_asked(person: Person) -> None:
    thread = person.tell(person.wrote(standby=True))

    assert thread is not None
    assert (thread.unread, thread.acted_at) == (0, at(0))
    assert thread.messages.get().origin == {"standby": True}


def test_a_persons_words_open_what_was_closed_and_unblock(person: Person) -> None:
    person.tell(person.wrote())
    Thread.objects.update(closed_at=at(5), blocked_at=at(5))

    thread = person.tell(person.wrote("Encore", minutes=6))

    assert thread is not None
    assert (thread.closed_at, thread.blocked_at) == (None, None)


def test_words_from_before_the_closing_leave_it_closed(person: Person) -> None:
    person.tell(person.wrote(minutes=1))
    Thread.objects.update(closed_at=at(5), blocked_at=at(5))

    thread = person.tell(person.wrote("Plus tôt", minutes=0))

    assert thread is not None
    assert (thread.closed_at, thread.blocked_at) == (at(5), at(5))


def test_staff_who_answer_on_facebook_have_read_what_came_before(person: Person) -> None:
    inbox = person.got("Je regarde", minutes=2, app_id=PAGE_INBOX)
    thread = person.tell(person.wrote("Un", minutes=0), person.wrote("Deux", minutes=1), inbox)
    assert thread is not None
    assert thread.unread == 0

    thread = person.tell(person.wrote("Trois", minutes=3), person.got(minutes=2.5, app_id=PAGE_INBOX))
    assert thread is not None
    assert thread.unread == 1


def test_a_clock_that_is_ahead_opens_no_longer_window(person: Person) -> None:
    thread = person.tell(person.wrote(minutes=90), now=at(0))

    assert thread is not None
    assert thread.acted_at == thread.last_at == at(0)


def test_two_people_have_two_threads_and_so_have_two_pages(person: Person) -> None:
    from tests.factories import LinkedPageFactory

    others = [Person(person.page, "7099"), Person(LinkedPageFactory(), person.psid)]
    for each in (person, *others):
        each.tell(each.wrote())

    assert Thread.objects.count() == 3
