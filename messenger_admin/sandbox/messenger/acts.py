"""What people do on their phones: each act is written down, opens the window where it should, and is told to the app.

Call these in a transaction. Times are seconds since the epoch.
"""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from messenger_admin.sandbox.facebook import profiles
from messenger_admin.sandbox.messenger import events, manners, outbox, people, telling
from messenger_admin.sandbox.messenger.events import Event, Field, News
from messenger_admin.sandbox.messenger.manners import Read
from messenger_admin.sandbox.messenger.people import Contact

GET_STARTED = "get_started"
# As the button is called on the person's phone.
TITLES = {"fr": "Démarrer"}
USUAL_TITLE = "Get Started"


class Kind(StrEnum):
    WROTE = "wrote"
    TAPPED = "tapped"
    CAME = "came"  # by a link, with a thread already there
    REACTED = "reacted"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MUTED = "muted"
    UNMUTED = "unmuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`event` is what the app is told, or would be; empty for what Facebook keeps to itself."""

    id: int
    psid: str
    page_id: str
    at: float
    kind: Kind
    mid: str
    event: Event


class CannotAct(Exception):
    """Somebody who blocked the page writes to it, or a button is not there. Its text is a msgid."""

    @property
    def words(self) -> str:
        return gettext(str(self))


def write(
    store: sqlite3.Connection,
    contact: Contact,
    *,
    text: str = "",
    picture: str = "",
    quick_reply: str = "",
    reply_to: str = "",
    now: float,
) -> Act:
    """A text, or a picture by its address, or a quick reply with its payload."""
    attachments = [{"type": "image", "payload": {"url": picture}}] if picture else []
    mid = new_mid()
    said = events.message(
        mid=mid, text=text, attachments=attachments, quick_reply=quick_reply, reply_to=reply_to, ref=contact.ref
    )
    return _opens(store, contact, Kind.WROTE, Field.MESSAGES, {"message": said}, mid=mid, now=now)


def tap(store: sqlite3.Connection, contact: Contact, *, title: str, payload: str, now: float) -> Act:
    """A postback button."""
    mid = new_mid()
    body = {"postback": events.postback(mid=mid, title=title, payload=payload, ref=contact.ref)}
    return _opens(store, contact, Kind.TAPPED, Field.POSTBACKS, body, mid=mid, now=now)


def get_started(store: sqlite3.Connection, contact: Contact, *, now: float) -> Act:
    """Raises CannotAct where the page has no such button, or it was tapped before."""
    payload = get_started_payload(store, contact)
    if payload is None:
        raise CannotAct(gettext_noop("Get Started is not shown here."))
    title = TITLES.get(contact.person.locale[:2], USUAL_TITLE)
    return tap(store, contact, title=title, payload=payload, now=now)


def get_started_payload(store: sqlite3.Connection, contact: Contact) -> str | None:
    """What the button says to the app; None where the phone doesn't show it."""
    if contact.begun:
        return None
    told = profiles.of(store, contact.page_id).get(GET_STARTED)
    payload = told.get("payload") if isinstance(told, Mapping) else None
    return payload if isinstance(payload, str) else None


def arrive(store: sqlite3.Connection, contact: Contact, *, ref: str, now: float) -> Act | None:
    """By an m.me link. Facebook tells of it at once where there is a thread; else when the person begins."""
    if not contact.begun:
        people.arrived(store, contact.psid, ref)
        return None
    if not ref:
        return None
    return _opens(store, contact, Kind.CAME, Field.REFERRALS, {"referral": events.referral(ref)}, mid="", now=now)


def react(store: sqlite3.Connection, contact: Contact, *, mid: str, emoji: str, now: float) -> Act:
    """An empty `emoji` takes the reaction back."""
    body = {"reaction": events.reaction(mid, emoji)}
    return _opens(store, contact, Kind.REACTED, Field.REACTIONS, body, mid=mid, now=now)


def read(store: sqlite3.Connection, contact: Contact, *, now: float) -> bool:
    """Somebody looks at the phone: tells that all until the newest message was read, once. False where nothing is."""
    sql = "SELECT max(received_at) FROM messages WHERE page_id = ? AND customer_id = ? AND delivered = 1"
    newest: float | None = store.execute(sql, (contact.page_id, contact.psid)).fetchone()[0]
    silent = not contact.reads or manners.load(store, contact.page_id).read is not Read.LOOKED
    if newest is None or silent or not people.has_read(store, contact.psid, newest):
        return False
    outbox.put(store, contact.page_id, [telling.read(contact, now, watermark=newest)], now=now)
    return True


def block(store: sqlite3.Connection, contact: Contact, *, blocked: bool, now: float) -> Act:
    """Facebook does not tell of it: the next message is refused."""
    people.block(store, contact.psid, now if blocked else None)
    return _keep(store, contact, Kind.BLOCKED if blocked else Kind.UNBLOCKED, {}, mid="", now=now)


def mute(store: sqlite3.Connection, contact: Contact, *, muted: bool, now: float) -> Act:
    """The page's messages are turned off in the thread; the person may still write."""
    people.mute(store, contact.psid, now if muted else None)
    return _keep(store, contact, Kind.MUTED if muted else Kind.UNMUTED, {}, mid="", now=now)


def since(store: sqlite3.Connection, psid: str, *, after: int = 0, limit: int = 1_000) -> list[Act]:
    sql = "SELECT * FROM acts WHERE psid = ? AND id > ? ORDER BY id LIMIT ?"
    return [_act(row) for row in store.execute(sql, (psid, after, limit))]


def newest(store: sqlite3.Connection, psid: str, *, limit: int) -> list[Act]:
    """The last `limit`, in their order."""
    sql = "SELECT * FROM acts WHERE psid = ? ORDER BY id DESC LIMIT ?"
    return [_act(row) for row in store.execute(sql, (psid, limit))][::-1]


def new_mid() -> str:
    return f"m_{secrets.token_urlsafe(24)}"


def _opens(
    store: sqlite3.Connection, contact: Contact, kind: Kind, field: Field, body: Event, *, mid: str, now: float
) -> Act:
    """An act that opens the 24-hour window. Raises CannotAct for somebody who blocked the page."""
    if contact.blocked_at is not None:
        raise CannotAct(gettext_noop("This person blocked the page."))
    event = events.from_person(contact.page_id, contact.psid, now, **body)
    people.acted(store, contact.psid, now)
    outbox.put(store, contact.page_id, [News(field, event)], now=now)
    return _keep(store, contact, kind, event, mid=mid, now=now)


def _keep(store: sqlite3.Connection, contact: Contact, kind: Kind, event: Event, *, mid: str, now: float) -> Act:
    sql = "INSERT INTO acts (psid, page_id, at, kind, mid, body) VALUES (?, ?, ?, ?, ?, ?)"
    values = (contact.psid, contact.page_id, now, kind, mid, json.dumps(event))
    number = store.execute(sql, values).lastrowid or 0
    return Act(id=number, psid=contact.psid, page_id=contact.page_id, at=now, kind=kind, mid=mid, event=event)


def _act(row: sqlite3.Row) -> Act:
    return Act(
        id=row["id"],
        psid=row["psid"],
        page_id=row["page_id"],
        at=row["at"],
        kind=Kind(row["kind"]),
        mid=row["mid"],
        event=json.loads(row["body"]),
    )


def forget(store: sqlite3.Connection, *, page_id: str = "", psid: str = "") -> None:
    """What one person did, everybody on a page, or all: not who they are."""
    store.execute("DELETE FROM acts WHERE ? IN ('', page_id) AND ? IN ('', psid)", (page_id, psid))


def reactions(store: sqlite3.Connection, psid: str) -> dict[str, str]:
    """The emoji that stands on a message, by mid."""
    sql = "SELECT mid, body FROM acts WHERE psid = ? AND kind = 'reacted' ORDER BY id"
    found = {row["mid"]: json.loads(row["body"])["reaction"].get("emoji", "") for row in store.execute(sql, (psid,))}
    return {mid: emoji for mid, emoji in found.items() if emoji}
