"""What crosses between the engine, a gateway and the wire. Pure.

`Envelope --gateway.build--> Request --wire--> Answer --gateway.interpret--> Outcome`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from notifications.reasons import Reason

# What is kept of an answer, in bytes: enough for any error object, and a huge body costs no memory.
MAX_ANSWER = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """To whom Facebook takes a message from this page, and by what right: see notifications/gateway/meta/rules.py.

    `proof` shows that the caller knows the app's secret (`appsecret_proof`); `metadata` comes back with the echo.
    """

    psid: str
    messaging_type: str
    tag: str
    metadata: str
    proof: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message to one person. `body` is the frozen JSON text, sent as it is, byte for byte.

    Through Facebook it is one part of the message, and `right` goes with it.
    """

    delivery_id: int
    page_id: str
    customer_id: str
    body: str
    base_url: str
    token: str = field(repr=False)
    right: Right | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A POST. The URL or a header may hold a token: they are never logged and never shown."""

    url: str = field(repr=False)
    headers: tuple[str, ...] = field(repr=False)
    body: bytes


class Fault(StrEnum):
    """Why there is no whole answer, as the wire saw it."""

    REFUSED = "refused"  # nobody listens there
    UNRESOLVED = "unresolved"  # the name has no address
    CONNECT_TIMEOUT = "connect_timeout"  # no connection within the connect time-out
    CERTIFICATE = "certificate"  # the peer's certificate does not verify, or TLS failed
    RESET = "reset"  # the connection was reset or broke while sending or receiving
    EMPTY = "empty"  # the peer closed without a byte of an answer
    PARTIAL = "partial"  # the answer stopped before its end
    TIMEOUT = "timeout"  # no whole answer within the total time-out
    GARBAGE = "garbage"  # what came back is not HTTP
    ABANDONED = "abandoned"  # we stopped before it was started (shutdown, lease lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a Request.

    `status` is set when a complete status line and headers came back, `fault` when the answer is not whole.
    `bytes_sent` counts the bytes of the request, headers and body, that were written to the connection: zero
    means that it certainly did not go out. `headers` has lower-case names. `body` holds at most MAX_ANSWER bytes.
    `detail` is the transport's own words. `started_at` is in seconds since the epoch, `seconds` a duration.
    """

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    truncated: bool = False
    fault: Fault | None = None
    detail: str = ""
    bytes_sent: int = 0
    started_at: float = 0.0
    seconds: float = 0.0


class Verdict(StrEnum):
    """What happens next; the values are those of AttemptOutcome."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # it certainly did not go out, or was turned away unread
    HELD = "held"  # the same, and the page waits for a person
    FAILED = "failed"  # it will never work
    UNKNOWN = "unknown"  # it may have gone out


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A gateway's reading of an Answer.

    `detail` is what a person reads: the far end's message or the transport's words, the token masked.
    `retry_after` is in seconds from now, as the far end asked. `lasting` is how a try ends that must not be repeated
    more often; None: it may be.

    `used` is how much of its allowance the far end says that the page has used up, in percent; `room_in` the seconds
    after which it says that there is room again.
    """

    verdict: Verdict
    reason: Reason | None = None
    detail: str = ""
    message_id: str = ""
    retry_after: float | None = None
    lasting: "Lasting | None" = None
    # Of this message alone: the page need not rest for it.
    alone: bool = False
    # The person takes no messages from the page.
    gone: bool = False
    # The far end sees abuse in the page's pace.
    drastic: bool = False
    used: float | None = None
    room_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """After so many tries in all a RETRY is a failure, for this reason."""

    tries: int
    reason: Reason


class Gateway(Protocol):
    """Both functions are pure."""

    def build(self, envelope: Envelope) -> Request: ...

    def interpret(self, answer: Answer, *, token: str, now: float) -> Outcome:
        """`token` is masked wherever the answer repeats it; `now` (epoch seconds) reads Retry-After dates."""
        ...
