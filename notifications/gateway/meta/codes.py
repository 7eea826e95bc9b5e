"""What Facebook's error codes mean for a message, its page and its person. Pure data.

Sources: Messenger Platform, "Error codes" (18 March 2026) and "Changelog" (25 June 2026); Graph API, "Handling errors"
and "Rate limits"; where Meta's own pages say nothing, what integrators report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from notifications.gateway.contract import Lasting, Verdict
from notifications.reasons import Reason

_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """`pause` is in seconds, where Facebook's headers say nothing of a time. The rest is as in an Outcome."""

    verdict: Verdict
    reason: Reason
    pause: float | None = None
    lasting: Lasting | None = None
    alone: bool = False
    gone: bool = False
    drastic: bool = False


def _temporary(reason: Reason, *, tries: int, at_last: Reason) -> Meaning:
    """Tried again by itself, a few times; the page goes on meanwhile.

    Facebook says to try again, and rarely it is wrong: the pause leaves an echo the time to say that it went out.
    """
    lasting = Lasting(tries=tries, reason=at_last)
    return Meaning(verdict=Verdict.RETRY, reason=reason, pause=_MINUTE / 2, lasting=lasting, alone=True)


def _throttled(pause: float, *, drastic: bool = False) -> Meaning:
    return Meaning(verdict=Verdict.RETRY, reason=Reason.THROTTLED, pause=pause, drastic=drastic)


def _held(reason: Reason) -> Meaning:
    return Meaning(verdict=Verdict.HELD, reason=reason)


def _failed(reason: Reason, *, gone: bool = False) -> Meaning:
    return Meaning(verdict=Verdict.FAILED, reason=reason, gone=gone)


_CONTENT = _failed(Reason.CONTENT_REFUSED)
_GONE = _failed(Reason.RECIPIENT_UNAVAILABLE, gone=True)
_WINDOW = _failed(Reason.WINDOW_REFUSED)
_PERMISSION = _held(Reason.PERMISSION_MISSING)
_RESTRICTED = _held(Reason.PAGE_RESTRICTED)
_FETCH = _temporary(Reason.MEDIA_UNREACHABLE, tries=2, at_last=Reason.MEDIA_UNREACHABLE)

# By code, and by code and subcode. A subcode without an entry means what its code does.
CODES: Final[Mapping[tuple[int, int | None], Meaning]] = {
    # Often a missing permission or missing advanced access, which Facebook does not call by its name.
    (1, None): _temporary(Reason.UNAVAILABLE, tries=3, at_last=Reason.PERMISSION_MISSING),
    (1, 99): _temporary(Reason.UNAVAILABLE, tries=3, at_last=Reason.PERMISSION_MISSING),
    # "Invalid JSON reply": the message went out all the same.
    (1, 1357046): Meaning(verdict=Verdict.ACCEPTED, reason=Reason.SENT_THOUGH_REFUSED),
    # Also seen for people who blocked the page, hence a limit to the tries.
    (2, None): _temporary(Reason.UNAVAILABLE, tries=4, at_last=Reason.REFUSED),
    (2, 2018344): _PERMISSION,  # the page has not accepted Facebook's terms for contacts
    (4, None): _throttled(_MINUTE),
    (4, 2018022): _throttled(5 * _MINUTE),  # too much to phone numbers
    (4, 2018354): _failed(Reason.REFUSED),  # a marketing message, too soon after the last one
    (9, None): _throttled(30 * _MINUTE),  # too many actions
    (9, 2018352): _throttled(30 * _MINUTE),
    (10, None): _PERMISSION,
    (10, 2018278): _WINDOW,
    (10, 2018065): _WINDOW,
    (10, 2534022): _WINDOW,
    (10, 2018108): _GONE,
    (10, 1893063): _RESTRICTED,
    (17, None): _throttled(_MINUTE),
    (32, None): _throttled(_MINUTE),
    (100, None): _CONTENT,
    (100, 33): _failed(Reason.NOT_FOUND),  # a PSID of another page, or one that this token may not see
    (100, 2018001): _GONE,
    (100, 2018008): _FETCH,
    (100, 2018047): _FETCH,
    (100, 2018294): _FETCH,
    (100, 2018109): _CONTENT,  # too large
    (100, 2018074): _CONTENT,  # an attachment id that is over
    (100, 2018015): _failed(Reason.MALFORMED),  # neither message nor action
    (100, 2018034): _CONTENT,  # empty
    (100, 2018035): _CONTENT,  # an element with nothing but a title
    (100, 2018040): _CONTENT,  # a button without payload
    (100, 2018041): _CONTENT,  # a button without address
    (100, 2018053): _CONTENT,  # a button without title
    (100, 2018098): _CONTENT,  # a quick reply without title
    (100, 2018099): _CONTENT,  # a quick reply without payload
    (100, 2018320): _CONTENT,  # a product template
    (100, 2018328): _CONTENT,
    (100, 2018218): _failed(Reason.REFUSED),  # an account by phone number, that has no profile
    (100, 2018416): _failed(Reason.TEMPLATE_REFUSED),
    (194, None): _CONTENT,  # an array with too few elements
    (190, None): _held(Reason.TOKEN_REFUSED),  # whatever the subcode: removed, password changed, expired, …
    (200, 1545041): _GONE,
    (230, None): _PERMISSION,
    (368, None): _RESTRICTED,
    (551, None): _GONE,
    (613, None): _throttled(_MINUTE),
    (613, 2018338): _throttled(30 * _MINUTE, drastic=True),
    (1200, None): _temporary(Reason.UNAVAILABLE, tries=4, at_last=Reason.REFUSED),
    (2300052, None): _failed(Reason.REFUSED),
    # Where such a subcode comes as the code itself.
    (2018218, None): _failed(Reason.REFUSED),
    (2018416, None): _failed(Reason.TEMPLATE_REFUSED),
}

# First and last of a range of codes.
RANGES: Final[tuple[tuple[int, int, Meaning], ...]] = (
    (200, 299, _PERMISSION),
    (80001, 80014, _throttled(5 * _MINUTE)),  # a business use case's allowance; the headers say until when
    (2018173, 2018188, _CONTENT),  # a media template's address or id
)


def meaning(code: int, subcode: int | None) -> Meaning | None:
    """None for a code that is not known."""
    return next(_meanings(code, subcode), None)


def _meanings(code: int, subcode: int | None) -> Iterator[Meaning]:
    """What it may mean, the most telling first."""
    yield from (CODES[key] for key in ((code, subcode),) if subcode is not None and key in CODES)
    # Of subcodes only the last range holds any.
    yield from (found for first, last, found in RANGES[-1:] if subcode is not None and first <= subcode <= last)
    yield from (CODES[key] for key in ((code, None),) if key in CODES)
    yield from (found for first, last, found in RANGES if first <= code <= last)
