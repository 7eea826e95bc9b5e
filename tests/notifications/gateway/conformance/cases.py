"""What a far end may do to a request, and what every gateway makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from notifications.gateway.contract import Verdict
from notifications.reasons import Reason
from tests.support.far_end import (
    Act,
    answer,
    close_after_reading,
    http,
    last_words,
    outburst,
    reset_after_reading,
    silence,
)

JSON, HTML = "Content-Type: application/json", "Content-Type: text/html; charset=utf-8"
# What a far end may repeat of a request: in its body, or in an address.
ECHO = b'You called with tok/en+1 "e", that is tok%2Fen%2B1%20%22e%22 or tok/en+1 \\"e\\".'


@dataclass(frozen=True, kw_only=True)
class Case:
    """`act` is given the body with which this gateway's far end accepts a message. No `reasons`: whichever."""

    name: str
    act: Callable[[bytes], Act]
    verdict: Verdict
    reasons: frozenset[Reason] = field(default_factory=frozenset)
    retry_after: float | None = None


def _case(
    name: str, act: Act | Callable[[bytes], Act], verdict: Verdict, *reasons: Reason, after: float | None = None
) -> Case:
    given: Callable[[bytes], Act] = act if name.startswith("accepted") else lambda _accepted: act  # type: ignore[assignment, return-value]
    return Case(name=name, act=given, verdict=verdict, reasons=frozenset(reasons), retry_after=after)


def _answered(status: int, body: bytes = ECHO, *headers: str) -> Act:
    return answer(http(status, body, *(headers or ("Content-Type: text/plain",))))


def _cut(raw: bytes) -> Act:
    return last_words(raw[:-7])


_PAGE = b"<!DOCTYPE html><html><body><h1>Sign in to the hotel</h1>" + ECHO + b"</body></html>"
_A, _R, _H, _F, _U = Verdict.ACCEPTED, Verdict.RETRY, Verdict.HELD, Verdict.FAILED, Verdict.UNKNOWN

CASES = [
    _case("accepted", lambda body: answer(http(200, body, JSON)), _A),
    _case(
        "accepted after an interim answer",
        lambda body: answer(b"HTTP/1.1 103 Early Hints\r\n\r\n" + http(200, body, JSON)),
        _A,
    ),
    _case("accepted, then closed", lambda body: last_words(http(200, body, JSON, "Connection: close")), _A),
    _case("accepted by half", lambda body: _cut(http(200, body, JSON)), _U, Reason.HALF_AN_ANSWER),
    _case("hung up after reading", close_after_reading, _U, Reason.NO_ANSWER),
    _case("reset after reading", reset_after_reading, _U, Reason.RESET, Reason.NO_ANSWER),
    _case("silence", silence, _U, Reason.SILENCE),
    _case("half a head", last_words(b"HTTP/1.1 200 OK\r\nContent-Le"), _U, Reason.HALF_AN_ANSWER, Reason.NO_ANSWER),
    _case("no HTTP", last_words(b"SSH-2.0-OpenSSH_9.6\r\n" + ECHO), _U, Reason.NOT_THE_API),
    _case(
        "no HTTP, before anything was read", outburst(b"220 smtp.example.com\r\n"), _U, Reason.NOT_THE_API, Reason.RESET
    ),
    _case("a page for people", _answered(200, _PAGE, HTML), _U, Reason.NOT_THE_API),
    *(_case(f"{status}", _answered(status), _U, Reason.SERVER_ERROR) for status in (500, 502, 503, 504, 408)),
    _case("500 for people", _answered(500, _PAGE, HTML), _U, Reason.SERVER_ERROR),
    _case("429", _answered(429), _R, Reason.THROTTLED),
    _case("429 that says when", _answered(429, ECHO, "Retry-After: 7"), _R, Reason.THROTTLED, after=7),
    _case("503 that says when", _answered(503, ECHO, "Retry-After: 7"), _R, Reason.UNAVAILABLE, after=7),
    _case("401", _answered(401), _H, Reason.TOKEN_REFUSED),
    _case("403", _answered(403), _H, Reason.FORBIDDEN),
    *(
        _case(
            f"{status}",
            _answered(status, ECHO, "Location: /elsewhere?access_token=tok%2Fen%2B1%20%22e%22"),
            _H,
            Reason.MOVED,
        )
        for status in (301, 302, 307, 308)
    ),
    *(_case(f"{status}", _answered(status), _F) for status in (400, 404, 405, 410, 422, 451)),
]
