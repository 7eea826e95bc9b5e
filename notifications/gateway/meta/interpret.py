"""Reads what the Send API answered. Pure.

A 2xx with a message's id is an acceptance. An error object decides by its code (codes.py), whatever the status. Where
Facebook fails (5xx) and gives no code, or one that nobody knows, the message may have left.
"""

from collections.abc import Mapping
from dataclasses import replace

from notifications.gateway.answers import clean, is_html, json_object, retry_after, words
from notifications.gateway.contract import Answer, Outcome, Verdict
from notifications.gateway.meta import usage
from notifications.gateway.meta.codes import Meaning, meaning
from notifications.gateway.unanswered import unanswered
from notifications.reasons import Reason

_LONGEST_ID = 255  # as Delivery.provider_message_id stores it

_IN_DOUBT = Meaning(verdict=Verdict.UNKNOWN, reason=Reason.SERVER_ERROR)
_REFUSED = Meaning(verdict=Verdict.FAILED, reason=Reason.REFUSED)
# Without an error object: something that stands before the API answered, or the address is wrong.
_BARE = {
    401: Meaning(verdict=Verdict.HELD, reason=Reason.TOKEN_REFUSED),
    403: Meaning(verdict=Verdict.HELD, reason=Reason.FORBIDDEN),
    408: _IN_DOUBT,
    429: Meaning(verdict=Verdict.RETRY, reason=Reason.THROTTLED),
}
_BARE_BY_HUNDRED = {
    3: Meaning(verdict=Verdict.HELD, reason=Reason.MOVED),
    4: _REFUSED,
    5: _IN_DOUBT,
}


def interpret(answer: Answer, *, token: str, now: float) -> Outcome:
    told = usage.read(answer.headers)
    outcome = _outcome(answer, told, token=token, now=now)
    return replace(outcome, used=told.percent, room_in=told.room_in) if told else outcome


def _outcome(answer: Answer, told: usage.Usage | None, *, token: str, now: float) -> Outcome:
    said = json_object(answer)
    error = said.get("error")
    if (answer.status or 0) < 200:
        verdict, reason = unanswered(answer)
        return Outcome(verdict=verdict, reason=reason, detail=words(answer, (), token))
    if isinstance(error, dict) and error:
        code, subcode = whole(error.get("code")) or 0, whole(error.get("error_subcode"))
        found = _of_error(answer, code, subcode)
        detail = _numbered(code, subcode, words(answer, _messages(error), token), clean(_trace(error), token))
        return _made(found, detail, _wait(answer, found, told, now))
    if (answer.status or 0) < 300:
        return _welcomed(answer, said, token)
    found = _bare(answer, now)
    detail = words(answer, (said.get("message"), answer.headers.get("location")), token)
    return _made(found, detail, _wait(answer, found, told, now))


def _made(found: Meaning, detail: str, wait: float | None) -> Outcome:
    return Outcome(
        verdict=found.verdict,
        reason=found.reason,
        detail=detail,
        retry_after=wait if found.verdict is Verdict.RETRY else None,
        lasting=found.lasting,
        alone=found.alone,
        gone=found.gone,
        drastic=found.drastic,
    )


def _of_error(answer: Answer, code: int, subcode: int | None) -> Meaning:
    unknown = _IN_DOUBT if (answer.status or 0) >= 500 else _REFUSED
    return meaning(code, subcode) or unknown


def _welcomed(answer: Answer, said: Mapping[str, object], token: str) -> Outcome:
    """2xx: accepted where the answer is whole and Facebook's."""
    message_id = said.get("message_id")
    if isinstance(message_id, str) and message_id:
        return Outcome(verdict=Verdict.ACCEPTED, message_id=clean(message_id, token)[:_LONGEST_ID])
    reason = Reason.HALF_AN_ANSWER if answer.fault is not None else Reason.NOT_THE_API
    return Outcome(verdict=Verdict.UNKNOWN, reason=reason, detail=words(answer, (), token))


def _bare(answer: Answer, now: float) -> Meaning:
    status = answer.status or 0
    if answer.fault is not None and status not in _BARE:
        # Facebook's refusals say in their body what they are, and one of them is none (1/1357046).
        return Meaning(verdict=Verdict.UNKNOWN, reason=Reason.HALF_AN_ANSWER)
    if status == 503 and retry_after(answer, now) is not None:
        return Meaning(verdict=Verdict.RETRY, reason=Reason.UNAVAILABLE)
    if 400 <= status < 500 and status not in _BARE and is_html(answer):
        # Facebook answers in JSON: whatever said this refuses everybody's messages.
        return Meaning(verdict=Verdict.HELD, reason=Reason.MOVED)
    return _BARE.get(status) or _BARE_BY_HUNDRED.get(status // 100, _IN_DOUBT)


def _wait(answer: Answer, found: Meaning, told: usage.Usage | None, now: float) -> float | None:
    """The longest that anything of the answer asks for; what its code alone suggests where nothing does."""
    asked = [retry_after(answer, now), told.room_in if told and not found.alone else None]
    return max((seconds for seconds in asked if seconds is not None), default=found.pause)


def _messages(error: Mapping[str, object]) -> tuple[object, ...]:
    """Facebook's words, those for people first."""
    return (error.get("error_user_msg"), error.get("message"), error.get("error_user_title"), error.get("type"))


def _trace(error: Mapping[str, object]) -> str:
    trace = error.get("fbtrace_id")
    return trace[:64] if isinstance(trace, str) else ""


def _numbered(code: int, subcode: int | None, said: str, trace: str) -> str:
    """Facebook's support asks for the numbers and the trace."""
    number = str(code) if subcode is None else f"{code}/{subcode}"
    return f"{number}: {said}" + (f" [{trace}]" if trace else "")


def whole(value: object) -> int | None:
    """A number of Facebook's; some come as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else None
