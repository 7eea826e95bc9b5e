"""What a sender hears of a message, and whether the phone shows it: by Facebook's rules, or as the sandbox was told.

Pure.
"""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from messenger_admin.sandbox.behaviours import UNANSWERED, Behaviour, Kind
from messenger_admin.sandbox.endpoint import answer
from messenger_admin.sandbox.exchange import Plan
from messenger_admin.sandbox.facebook import accounts, answers, faults, usage
from messenger_admin.sandbox.facebook.graph.errors import Refusal
from messenger_admin.sandbox.messenger.judging import Verdict
from messenger_admin.sandbox.messenger.refusals import DEAD_TOKEN, refused

# Percentages; Facebook gives them with every answer.
USED, USED_UP = 2, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`plan` is what goes out, `copies` how many of the message reach the phone."""

    plan: Plan
    copies: int = 0


def outcome(verdict: Verdict, told: Behaviour | None, mid: str) -> Outcome:
    whole = _rightly(verdict, mid, _used(verdict, told))
    if told is None or not verdict.known:
        return whole
    if told.kind in UNANSWERED:
        unread = told.kind == Kind.RESET_UNREAD
        broken = replace(faults.spoilt(told, whole.plan), record=not unread)
        return Outcome(plan=broken, copies=0 if unread else _lie(whole, told))
    if told.kind == Kind.ANSWER:
        return Outcome(plan=_answer(told, whole.plan, _used(verdict, told)), copies=_lie(whole, told))
    if told.kind in faults.USUAL_CODE or told.kind in faults.TOKENS_DIE:
        said = _refused(error(told), verdict, _used(verdict, told) | _retry_after(told))
        return Outcome(plan=replace(said, wait=told.seconds), copies=_lie(whole, told))
    copies = whole.copies * 2 if told.kind == Kind.TWICE else whole.copies
    return Outcome(plan=replace(whole.plan, wait=told.seconds), copies=copies)


def error(told: Behaviour) -> Refusal:
    """The error that a telling names."""
    if told.kind in faults.TOKENS_DIE:
        return refused(DEAD_TOKEN, told.subcode or accounts.EXPIRED)
    return refused(told.code or faults.USUAL_CODE[told.kind], told.subcode)


def _rightly(verdict: Verdict, mid: str, headers: dict[str, str]) -> Outcome:
    """As Facebook does where nobody told otherwise."""
    if verdict.refusal is not None:
        return Outcome(plan=_refused(verdict.refusal, verdict, headers))
    # A sender_action is no message: nothing arrives, and it has no id.
    is_message = verdict.envelope is not None and verdict.envelope.message is not None
    said: dict[str, Any] = {"recipient_id": verdict.psid, **({"message_id": mid} if is_message else {})}
    plan = replace(answers.plan(said, version=verdict.version, headers=headers), record=True)
    return Outcome(plan=plan, copies=int(is_message))


def _refused(refusal: Refusal, verdict: Verdict, headers: dict[str, str]) -> Plan:
    told = replace(refusal, headers={**headers, **refusal.headers})
    return replace(answers.refused(told, version=verdict.version), record=True)


def _lie(whole: Outcome, told: Behaviour) -> int:
    """Nobody's phone shows what Facebook would not take, whatever the sender is told."""
    return whole.copies if told.delivers else 0


def _answer(told: Behaviour, whole: Plan, headers: dict[str, str]) -> Plan:
    if told.status < HTTPStatus.MULTIPLE_CHOICES and not told.body:
        return replace(whole, status=told.status, wait=told.seconds)
    data = answer(told.status, told.body.encode(), headers | _retry_after(told))
    return Plan(status=told.status, data=data, wait=told.seconds)


def _used(verdict: Verdict, told: Behaviour | None) -> dict[str, str]:
    percent = told.usage if told and told.usage else USED_UP if told and told.kind == Kind.THROTTLED else USED
    return usage.headers(percent, page_id=verdict.page_id, regain=told.regain if told else 0)


def _retry_after(told: Behaviour) -> dict[str, str]:
    return {"Retry-After": told.retry_after} if told.retry_after else {}
