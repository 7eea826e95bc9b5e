"""A frozen message as the parts that Facebook takes, in their order. Pure.

A message of the Send API is a text or an attachment; the guide's body may hold both, the text going first. A part that
went out is never sent again, so a part's number means the same in every try.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Self

from notifications.gateway.meta.rules import Way

# The number of what goes before the first automated message, and says that it is one. No body has so many parts.
DISCLOSURE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One call: the text of a JSON object, as `message` of the Send API."""

    number: int
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is left of a message to be sent to one person.

    `pieces` go out one after the other, each once the one before was accepted and written down. `sent` counts the parts
    that went out for certain. `begun`: a piece of it went out since it was marked.
    """

    thread_pk: int
    psid: str
    way: Way
    rule: str
    pieces: tuple[Piece, ...]
    sent: int = 0
    begun: bool = False

    @property
    def now(self) -> Piece:
        """The piece whose turn it is."""
        return self.pieces[0]

    @property
    def is_last(self) -> bool:
        return len(self.pieces) == 1

    @property
    def discloses(self) -> bool:
        return self.now.number == DISCLOSURE

    @property
    def sent_then(self) -> int:
        """How many parts have gone out once this piece is accepted."""
        return self.sent if self.discloses else self.now.number + 1

    def rest(self) -> Self:
        """What is left once this piece is accepted."""
        return replace(self, pieces=self.pieces[1:], sent=self.sent_then, begun=True)

    def disclosed(self) -> Self:
        """The same to somebody who has been told meanwhile."""
        return replace(self, pieces=self.pieces[1:]) if self.discloses else self


def split(body: str) -> tuple[Piece, ...]:
    """Every part of a frozen body: its text, then its attachment."""
    decoded = json.loads(body)
    found = [{name: decoded[name]} for name in ("text", "attachment") if decoded.get(name) is not None]
    if found and decoded.get("quick_replies"):
        # They stand beneath the last words, until the person writes or taps.
        found[-1]["quick_replies"] = decoded["quick_replies"]
    return tuple(Piece(number=n, message=_json(part)) for n, part in enumerate(found))


def pieces(body: str, *, sent: int, disclosure: str = "") -> tuple[Piece, ...]:
    """What is left to send when `sent` parts went out; before it the `disclosure`, where there is one to be said."""
    left = split(body)[sent:]
    first = (Piece(number=DISCLOSURE, message=_json({"text": disclosure})),) if disclosure and left else ()
    return first + left


def utility(template: str) -> tuple[Piece, ...]:
    """The one part of a utility message: the JSON text of `template`, as the Send API takes it."""
    return (Piece(number=0, message=f'{{"template":{template}}}'),)


def count(body: str) -> int:
    """How many parts the message has."""
    return len(split(body))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
