"""What Facebook tells of a message that reached a phone: its echo, that it was delivered, that it was read. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from messenger_admin.sandbox.messenger import events
from messenger_admin.sandbox.messenger.events import Field, News
from messenger_admin.sandbox.messenger.manners import Manner, Read
from messenger_admin.sandbox.messenger.people import Contact

# Seconds after the message, in the order in which things happen.
ECHOED, DELIVERED, READ = 0.1, 0.4, 0.8
# So long an answer is held back that shall come after the echo.
ECHO_LEAD = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that went out: `body` is the request's `message`, `app_id` who sent it."""

    mid: str
    body: Mapping[str, Any]
    at: float
    app_id: str


def of_a_message(contact: Contact, sent: Sent, manner: Manner) -> Iterator[News]:
    echo = events.echo(contact.page_id, contact.psid, sent.at, app_id=sent.app_id, mid=sent.mid, body=sent.body)
    yield News(Field.ECHOES, echo, 0.0 if manner.echo_first else ECHOED)
    if manner.receipts:
        yield delivered(contact, sent.at, mids=[sent.mid] if manner.mids else [], after=DELIVERED)
    if manner.read is Read.AT_ONCE:
        yield read(contact, sent.at + READ, watermark=sent.at, after=READ)


def delivered(contact: Contact, at: float, *, mids: list[str], after: float = 0.0) -> News:
    event = events.from_person(contact.page_id, contact.psid, at, delivery=events.delivery(at, mids))
    # Facebook's own deliveries name no time but the watermark.
    del event["timestamp"]
    return News(Field.DELIVERIES, event, after)


def read(contact: Contact, at: float, *, watermark: float, after: float = 0.0) -> News:
    body = {"watermark": events.milliseconds(watermark)}
    return News(Field.READS, events.from_person(contact.page_id, contact.psid, at, read=body), after)
