"""The person's conversation with the page, and the events by which Facebook told of it."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from optins.services.whole_file.chapter import Chapter, Field, Row, in_words
from optins.services.whole_file.chunks import CHUNK
from optins.services.whole_file.person import Person
from pages.conversations import posts
from pages.models import ThreadMessage, WebhookEvent
from pages.models.thread import Writer
from pages.models.webhook import EventState

THREAD = (
    "name",
    "psid",
    "picture_url",
    "profile_error",
    "first_at",
    "last_at",
    "excerpt",
    "acted_at",
    "delivered_to",
    "read_to",
    "disclosed_at",
    "blocked_at",
    "closed_at",
    "unread",
)


def _thread(person: Person) -> Iterator[Row]:
    if person.thread:
        yield {name: getattr(person.thread, name) for name in THREAD}


def _messages(person: Person) -> Iterator[Row]:
    """Oldest first, as a conversation is read."""
    if person.thread is None:
        return
    rows = ThreadMessage.objects.filter(thread=person.thread).order_by("at", "id")
    for row in rows.iterator(chunk_size=CHUNK):
        yield {
            "at": row.at,
            "written_by": row.writer,
            "text": row.text,
            "attachments": row.attachments,
            "origin": row.origin,
            "reactions": row.reactions,
            "reply_to": row.reply_to,
            "mid": row.mid,
            "metadata": row.metadata,
        }


def _events(person: Person) -> Iterator[Row]:
    if not person.psid:
        return
    rows = WebhookEvent.objects.filter(psid=person.psid, page_id=person.page.page_id).order_by("id")
    for row in rows.iterator(chunk_size=CHUNK):
        yield {
            "happened_at": row.happened_at,
            "received_at": row.received_at,
            "kind": row.kind,
            "state": row.state,
            "body": row.body,
            "error": row.error,
        }


def _posts(person: Person) -> Iterator[Row]:
    if person.psid:
        for received_at, event in posts.parts_of(page=person.page, psid=person.psid):
            yield {"received_at": received_at, "body": event}


CHAPTERS = (
    Chapter(
        name="conversation",
        title=_("Conversation with the page"),
        about=_("The name and the picture are those that Facebook gave when you wrote."),
        right="pages.view_thread",
        rows=_thread,
        fields={
            "name": Field(label=_("name"), leads=True),
            "psid": Field(label=_("PSID")),
            "picture_url": Field(label=_("picture")),
            "profile_error": Field(label=_("why there is no name or picture")),
            "first_at": Field(label=_("first message")),
            "last_at": Field(label=_("last message")),
            "excerpt": Field(label=_("last words")),
            "acted_at": Field(label=_("last act of the customer")),
            "delivered_to": Field(label=pgettext_lazy("whole file", "all delivered until")),
            "read_to": Field(label=pgettext_lazy("whole file", "all read until")),
            "disclosed_at": Field(label=_("told that messages are automated")),
            "blocked_at": Field(label=_("takes no messages from the page since")),
            "closed_at": Field(label=pgettext_lazy("whole file", "conversation closed")),
            "unread": Field(label=pgettext_lazy("whole file", "not read by the page yet")),
        },
    ),
    Chapter(
        name="messages",
        title=_("Messages of the conversation"),
        about=_("All that you and the page wrote to each other, from whatever device or program."),
        right="pages.view_thread",
        without=_(
            "The pictures and files themselves: they are with Facebook, at the addresses given here. Which of the "
            "staff wrote: their names are data of their own."
        ),
        rows=_messages,
        fields={
            "at": Field(label=_("when"), leads=True),
            "written_by": Field(label=_("written by"), say=in_words(Writer), leads=True),
            "text": Field(label=_("text"), quoted=True),
            "attachments": Field(label=_("attachments")),
            "origin": Field(label=_("how it came")),
            "reactions": Field(label=_("reactions")),
            "reply_to": Field(label=_("in answer to")),
            "mid": Field(label=_("message id")),
            "metadata": Field(label=_("written on it by the sender")),
        },
    ),
    Chapter(
        name="events",
        title=_("Events told by Facebook"),
        about=_("Events as they came from Facebook. They are kept for a short time only."),
        right="pages.view_webhookevent",
        rows=_events,
        fields={
            "happened_at": Field(label=_("happened"), leads=True),
            "kind": Field(label=_("kind"), leads=True),
            "received_at": Field(label=_("received")),
            "state": Field(label=_("state"), say=in_words(EventState)),
            "body": Field(label=_("as it came")),
            "error": Field(label=_("error")),
        },
    ),
    Chapter(
        name="posts",
        title=_("Calls from Facebook that nobody looked into yet"),
        about=_("Of each call from Facebook that still waits, or that could not be used, the part about you."),
        right="pages.view_webhookevent",
        without=_("Calls that cannot be read at all: nobody can tell which part of them is whose."),
        rows=_posts,
        fields={
            "received_at": Field(label=_("received"), leads=True),
            "body": Field(label=_("as it came")),
        },
    ),
)
