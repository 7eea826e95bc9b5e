"""A person's thread as their phone shows it: what came and what they did, in the order of time."""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from messenger_admin.sandbox.messages import Stored
from messenger_admin.sandbox.messenger import renderings
from messenger_admin.sandbox.messenger.acts import Act, Kind
from messenger_admin.sandbox.web.threads import PAUSE, moment

_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the phone: a bubble with a `body`, or a `note`. `opens` when the time stands above it."""

    id: str
    at: datetime
    mid: str = ""
    mine: bool = False
    body: Any = None
    note: str = ""
    reaction: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a phone has been shown: the newest message that was received, and the newest act."""

    message: int = 0
    act: int = 0

    def __str__(self) -> str:
        return f"{self.message}.{self.act}"


def cursor(text: str) -> Cursor:
    """Zero for anything else than a cursor."""
    found = _CURSOR.fullmatch(text)
    return Cursor(message=int(found[1]), act=int(found[2])) if found else Cursor()


def lines(
    store: sqlite3.Connection,
    messages: Iterable[Stored],
    acts: Iterable[Act],
    reactions: Mapping[str, str],
    *,
    last: datetime | None = None,
) -> list[Line]:
    """`reactions` are emoji by mid; they stand on their messages. `last` is when the line before these was."""
    delivered = [message for message in messages if message.delivered]
    seen = renderings.find(store, [message.message_id for message in delivered])
    both = [_came(message, seen, reactions) for message in delivered] + [line for act in acts if (line := _did(act))]
    return _timed(sorted(both, key=lambda line: line.at), last)


def _timed(found: Sequence[Line], last: datetime | None) -> list[Line]:
    timed: list[Line] = []
    for line in found:
        opens = last is None or line.at - last >= PAUSE
        timed.append(replace(line, opens=opens))
        last = line.at
    return timed


def _came(message: Stored, seen: Mapping[str, Any], reactions: Mapping[str, str]) -> Line:
    said = message.json
    body = said.get("message", said) if isinstance(said, Mapping) else message.text
    mid = message.message_id
    at, reaction = moment(message.received_at), reactions.get(mid, "")
    return Line(id=f"m{message.id}", at=at, mid=mid, body=seen.get(mid, body), reaction=reaction)


def _did(act: Act) -> Line | None:
    if act.kind is Kind.REACTED:
        return None
    body = _written(act)
    note = "" if body else _note(act)
    return Line(id=f"a{act.id}", at=moment(act.at), mid=act.mid, mine=True, body=body, note=note)


def _written(act: Act) -> Mapping[str, Any] | None:
    match act.kind:
        case Kind.WROTE:
            return {name: act.event["message"].get(name) for name in ("text", "attachments")}
        case Kind.TAPPED:
            return {"text": act.event["postback"]["title"]}
    return None


def _note(act: Act) -> str:
    words = {
        Kind.CAME: _("You came back by a link."),
        Kind.BLOCKED: _("You blocked this page."),
        Kind.UNBLOCKED: _("You unblocked this page."),
        Kind.MUTED: _("You turned this page’s messages off."),
        Kind.UNMUTED: _("You turned this page’s messages on."),
    }
    return words[act.kind]
