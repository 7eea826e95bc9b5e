"""The guide's call to iAdvize: one POST for each message. Pure.

`POST {base_url}/social/facebook/messenger/pages/{page_id}/customers/{customer_id}/messages?access_token={token}`

The answer's format is not public. It is read as iAdvize's other APIs answer:
`{"meta": {"status": "success" | "fail" | "error", "message": ...}, "data": {"id": ...}}`.
"""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from notifications.gateway.answers import clean, is_html, json_object, kept, retry_after, words
from notifications.gateway.contract import Answer, Envelope, Outcome, Request, Verdict
from notifications.gateway.unanswered import unanswered
from notifications.reasons import Reason

__all__ = ["build", "interpret", "kept"]

_HEADERS = ("Content-Type: application/json", "Accept: application/json")
_LONGEST_ID = 255  # as Delivery.provider_message_id stores it

# Statuses that settle it by themselves. 408 is not among the refusals: what it timed out on, and after how much of
# the request, is anybody's guess.
_SETTLED = {
    400: (Verdict.FAILED, Reason.MALFORMED),
    401: (Verdict.HELD, Reason.TOKEN_REFUSED),
    403: (Verdict.HELD, Reason.FORBIDDEN),
    404: (Verdict.FAILED, Reason.NOT_FOUND),
    408: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
    409: (Verdict.FAILED, Reason.CONFLICT),
    422: (Verdict.FAILED, Reason.CONTENT_REFUSED),
    429: (Verdict.RETRY, Reason.THROTTLED),
}
# The others, by their hundred. Every recipient would be answered by the same redirect, so the page waits.
_BY_HUNDRED = {
    3: (Verdict.HELD, Reason.MOVED),
    4: (Verdict.FAILED, Reason.REFUSED),
    5: (Verdict.UNKNOWN, Reason.SERVER_ERROR),
}


def build(envelope: Envelope) -> Request:
    before, after = _around(envelope.base_url, envelope.page_id, envelope.token)
    return Request(
        url=f"{before}{_segment(envelope.customer_id)}{after}",
        # Both sides' logs name the delivery by it; nothing depends on it.
        headers=(*_HEADERS, f"X-Request-Id: delivery-{envelope.delivery_id}"),
        body=envelope.body.encode(),
    )


@lru_cache(maxsize=64)
def _around(base_url: str, page_id: str, token: str) -> tuple[str, str]:
    """What stands before and after the customer: the same for all messages of a page."""
    before = f"{base_url.rstrip('/')}/social/facebook/messenger/pages/{_segment(page_id)}/customers/"
    return before, f"/messages?access_token={quote(token, safe='')}"


def _segment(text: str) -> str:
    """One segment of a path. Bare `.` and `..` would be resolved away on their journey (RFC 3986, section 5.2.4)."""
    return text.replace(".", "%2E") if text in {".", ".."} else quote(text, safe="")


def interpret(answer: Answer, *, token: str, now: float) -> Outcome:
    """Once the status line and headers are whole, a refusal stands, whatever became of the body: it only explains.

    An acceptance stands only as a whole answer, or as one that was cut because it was too long.
    """
    status, said = answer.status or 0, json_object(answer)
    reason: Reason | None
    if status < 200:
        verdict, reason = unanswered(answer)
    elif status < 300:
        verdict, reason = _welcomed(answer, said)
    else:
        verdict, reason = _turned_away(answer, now)
    if verdict is Verdict.ACCEPTED:
        return Outcome(verdict=verdict, message_id=clean(_message_id(said), token)[:_LONGEST_ID])
    return Outcome(
        verdict=verdict,
        reason=reason,
        detail=words(answer, _messages(answer, said), token),
        retry_after=retry_after(answer, now) if verdict is Verdict.RETRY else None,
    )


def _welcomed(answer: Answer, said: Mapping[str, object]) -> tuple[Verdict, Reason | None]:
    """2xx: accepted, unless the body says otherwise or does not come from the API."""
    if answer.fault is not None:
        return Verdict.UNKNOWN, Reason.HALF_AN_ANSWER
    if is_html(answer):
        return Verdict.UNKNOWN, Reason.NOT_THE_API
    status = _member(said, "meta").get("status")
    if status == "fail":
        return Verdict.FAILED, Reason.CONTENT_REFUSED
    if status == "error" or said.get("error"):
        return Verdict.FAILED, Reason.REFUSED
    return Verdict.ACCEPTED, None


def _turned_away(answer: Answer, now: float) -> tuple[Verdict, Reason | None]:
    status = answer.status or 0
    if status == 503 and retry_after(answer, now) is not None:
        return Verdict.RETRY, Reason.UNAVAILABLE
    return _SETTLED.get(status) or _BY_HUNDRED.get(status // 100, (Verdict.UNKNOWN, Reason.NO_ANSWER))


def _messages(answer: Answer, said: Mapping[str, object]) -> tuple[object, ...]:
    """Where a far end may have put its words, the likeliest first."""
    return (
        _member(said, "meta").get("message"),
        _member(said, "error").get("message"),
        said.get("error"),
        said.get("message"),
        answer.headers.get("location"),
    )


def _message_id(said: Mapping[str, object]) -> str:
    data = _member(said, "data")
    for found in (data.get("id"), data.get("message_id"), said.get("message_id")):
        if isinstance(found, str | int) and not isinstance(found, bool) and found != "":
            return str(found)
    return ""


def _member(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    member = said.get(name)
    return member if isinstance(member, dict) else {}
