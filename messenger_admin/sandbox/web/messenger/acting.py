"""From what a form says somebody does to the act itself."""

import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from messenger_admin.sandbox.messenger import acts, people
from messenger_admin.sandbox.messenger.acts import Act
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.store import transaction


class NobodyThere(LookupError):
    """No such PSID, or no such person."""


def who(store: sqlite3.Connection, data: Mapping[str, Any], *, now: float) -> Contact:
    """Raises NobodyThere."""
    if data["psid"]:
        found = people.contact(store, data["psid"])
        if found is None:
            raise NobodyThere(data["psid"])
        return found
    try:
        return people.met(store, data["person"], data["page_id"], now=now)
    except LookupError as error:
        raise NobodyThere(data["person"]) from error


def perform(store: sqlite3.Connection, data: Mapping[str, Any]) -> tuple[Contact, Act | None, bool]:
    """Who acted, what is on record of it, and whether anything happened. Raises NobodyThere, acts.CannotAct."""
    now = time.time()
    with transaction(store):
        contact = who(store, data, now=now)
        done = _perform(store, contact, data, now)
        act = done if isinstance(done, Act) else None
        return people.contact(store, contact.psid) or contact, act, done is not False


def _perform(store: sqlite3.Connection, contact: Contact, data: Mapping[str, Any], now: float) -> Act | bool | None:
    match data["act"]:
        case "write":
            said = {name: data[name] for name in ("text", "picture", "reply_to")}
            return acts.write(store, contact, **said, now=now)
        case "quick_reply":
            return acts.write(store, contact, text=data["text"], quick_reply=data["payload"], now=now)
        case "postback":
            return acts.tap(store, contact, title=data["title"], payload=data["payload"], now=now)
        case "get_started":
            return acts.get_started(store, contact, now=now)
        case "arrive":
            return acts.arrive(store, contact, ref=data["ref"], now=now)
        case "react":
            return acts.react(store, contact, mid=data["mid"], emoji=data["emoji"], now=now)
        case "read":
            return acts.read(store, contact, now=now)
        case "reads_on" | "reads_off":
            people.let_read(store, contact.psid, reads=data["act"] == "reads_on")
            return None
        case "block" | "unblock":
            return acts.block(store, contact, blocked=data["act"] == "block", now=now)
    return acts.mute(store, contact, muted=data["act"] == "mute", now=now)
