"""How the far end can be told to misbehave, and which telling applies to a message. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MAX_SECONDS = 600.0


class Side(StrEnum):
    """Which far end a telling is for."""

    IADVIZE = "iadvize"  # the guide's endpoint
    GRAPH = "graph"  # Facebook's control plane: logins, tokens, subscriptions, profiles, templates
    SEND = "send"  # Facebook's Send API


class Kind(StrEnum):
    SLOW = "slow"  # accepts after `seconds`
    ANSWER = "answer"  # answers `status`, with `retry_after` and `body` where given, after `seconds`
    EXPIRE_TOKEN = "expire_token"  # noqa: S105  (a kind) refuses the token it meets first; any other one works
    DROP = "drop"  # reads, takes the message, and closes without a word
    RESET = "reset"  # the same, with a reset
    HALF = "half"  # takes the message and answers half of an answer
    HANG = "hang"  # takes the message and says nothing for `seconds`
    RESET_UNREAD = "reset_unread"  # resets the connection before the body is read: nobody gets the message
    # Facebook's own. `code` and `subcode` are those of its errors, `usage` a percentage.
    GRAPH_ERROR = "graph_error"  # answers the error `code` with `subcode`
    TOKEN_DIES = "token_dies"  # noqa: S105  (a kind) kills the token it meets first, for good: 190 with `subcode`
    PERMISSION_MISSING = "permission_missing"  # the error 10, 200 or 230
    THROTTLED = "throttled"  # the error 4, 17, 32 or 613, and that all is used up
    TEMPORARY = "temporary"  # the error 2
    USAGE = "usage"  # answers as ever, and that `usage` of the limit is used up
    TWICE = "twice"  # takes the message, and the phone shows it twice


# Those whose connection ends without a whole answer.
UNANSWERED = frozenset({Kind.DROP, Kind.RESET, Kind.HALF, Kind.HANG, Kind.RESET_UNREAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """An empty `page_id` is every page, an empty `customer_prefix` every customer.

    `delivers` says whether the phone shows a message that was answered with `status`: an accepted one that is
    lost, or a failed one that arrives, is the lie that a sender has to live with. `remaining` counts down the
    requests it applies to; None is without end. `token_sha256` is the token that EXPIRE_TOKEN refuses, empty
    until it has met one. Facebook's alone: `regain` is in how many minutes it takes messages again, `contains` a text
    that stands in the body of the requests it applies to, `skip` how many of those pass before.
    """

    id: int = 0
    page_id: str = ""
    customer_prefix: str = ""
    kind: Kind
    seconds: float = 0.0
    status: int = 202
    retry_after: str = ""
    body: str = ""
    delivers: bool = True
    remaining: int | None = None
    token_sha256: str = ""
    side: str = Side.IADVIZE
    code: int = 0
    subcode: int = 0
    usage: int = 0
    regain: int = 0
    contains: str = ""
    skip: int = 0

    @property
    def label(self) -> str:
        """What a message that was received under it remembers of it."""
        return f"{self.kind} {self.status}" if self.kind == Kind.ANSWER else self.kind.value

    def applies(self, *, page_id: str, customer_id: str, token: str, body: str = "") -> bool:
        return (
            self.page_id in {"", page_id}
            and customer_id.startswith(self.customer_prefix)
            and self.contains in body
            and self.remaining != 0
            and (not self.token_sha256 or self.token_sha256 == digest(token))
        )


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def choose(
    behaviours: Iterable[Behaviour], *, page_id: str, customer_id: str, token: str, body: str = ""
) -> Behaviour | None:
    """The one with the longest prefix; among equals one for this page before one for all, then the newest."""
    asked = {"page_id": page_id, "customer_id": customer_id, "token": token, "body": body}
    applicable = (one for one in behaviours if one.applies(**asked))
    return max(applicable, key=lambda one: (len(one.customer_prefix), bool(one.page_id), one.id), default=None)
