"""One post taken apart into its events, whatever it holds. Pure.

A post has entries, one for each page; an entry has `messaging` (what this app is to answer), `standby` (what another
app answers while this one listens) and `changes` (fields of the page itself).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pages.webhooks.decoding import Unreadable
from pages.webhooks.members import mapping, moment, text

LISTS = ("messaging", "standby", "changes")
# How long ids may be, as the inbox keeps them.
PAGE_ID = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """An event's own part of the post. `time` is the entry's, and stands in where the event names none."""

    page_id: str
    time: datetime | None
    body: Mapping[str, Any]
    standby: bool = False


def object_of(post: object) -> str:
    """What the post is about: `page`, or something that this product knows nothing of."""
    named = mapping(post).get("object")
    return named if isinstance(named, str) else ""


def events_in(post: object) -> Iterator[RawEvent]:
    """Every event of a decoded post; nothing is left out. Raises Unreadable."""
    if not isinstance(post, dict):
        raise Unreadable("It is JSON, and not an object.")
    entries = post.get("entry")
    if not isinstance(entries, list):
        raise Unreadable("It has no list of entries.")
    for entry in entries:
        yield from _events_of(entry)


def _events_of(entry: object) -> Iterator[RawEvent]:
    members = mapping(entry)
    page_id, time = text(members.get("id"))[:PAGE_ID], moment(members.get("time"))
    known = [name for name in LISTS if name in members]
    if not known:
        yield RawEvent(page_id=page_id, time=time, body={"entry": entry})
    for name in known:
        found = members[name]
        for one in found if isinstance(found, list) else [found]:
            body = one if isinstance(one, dict) else {name: one}
            yield RawEvent(page_id=page_id, time=time, body=body, standby=name == "standby")
