"""The Send API: `POST /{version}/{page_id}/messages`. A message is judged, written down, told of and answered."""

import re
import secrets
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from messenger_admin.sandbox import behaviours, messages, rules
from messenger_admin.sandbox.behaviours import Behaviour, Side
from messenger_admin.sandbox.exchange import Plan
from messenger_admin.sandbox.facebook import accounts, answers, app, faults
from messenger_admin.sandbox.facebook.graph.call import read
from messenger_admin.sandbox.facebook.graph.errors import Refusal
from messenger_admin.sandbox.messages import Received
from messenger_admin.sandbox.messenger import manners, outbox, renderings, telling
from messenger_admin.sandbox.messenger.judging import Verdict, judge
from messenger_admin.sandbox.messenger.outcomes import Outcome, outcome
from messenger_admin.sandbox.messenger.telling import Sent

_PATH = re.compile(r"/v\d+\.\d+/[^/]+/messages/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request as it came, and the id that its message gets."""

    mid: str
    body: bytes
    at: float
    request_id: str


def answer(
    store: sqlite3.Connection, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> Plan | None:
    """None where the request is none of the Send API's. `store` is in a transaction that ends before the answer."""
    if method != "POST" or not _PATH.fullmatch(path):
        return None
    request_id = headers.get("x-request-id", "")
    arrival = Arrival(mid=f"m_{secrets.token_urlsafe(24)}", body=body, at=time.time(), request_id=request_id)
    try:
        call = read(method, path, query, headers, body)
    except Refusal as refusal:
        return answers.refused(refusal, version=path.split("/")[1])
    verdict = judge(store, call, now=arrival.at)
    told = _told(store, verdict, body)
    became = outcome(verdict, told, arrival.mid)
    plan = replace(became.plan, wait=became.plan.wait + _announce(store, verdict, became, arrival))
    if not plan.record:
        return plan
    _record(store, verdict, replace(became, plan=plan), arrival, told)
    return replace(plan, delivered=bool(became.copies), message_id=arrival.mid)


def _told(store: sqlite3.Connection, verdict: Verdict, body: bytes) -> Behaviour | None:
    """What applies to this request, counted down."""
    told = rules.load(store, Side.SEND)
    text = body.decode(errors="replace") if told else ""
    asked = {"page_id": verdict.page_id, "customer_id": verdict.psid, "token": verdict.token, "body": text}
    while told:
        chosen = behaviours.choose(told, **asked)
        if chosen is None:
            return None
        if not rules.let_pass(store, chosen) and (chosen.remaining is None or rules.use_up(store, chosen)):
            return _bound(store, chosen, verdict)
        told.remove(chosen)
    return None


def _bound(store: sqlite3.Connection, chosen: Behaviour, verdict: Verdict) -> Behaviour:
    if chosen.kind in faults.TOKENS_DIE:
        accounts.kill(store, chosen.subcode or accounts.EXPIRED, token=verdict.token)
        rules.bind(store, chosen, behaviours.digest(verdict.token))
    return chosen


def _record(
    store: sqlite3.Connection, verdict: Verdict, became: Outcome, arrival: Arrival, told: Behaviour | None
) -> None:
    received = Received(
        message_id=arrival.mid,
        page_id=verdict.page_id,
        customer_id=verdict.psid,
        body=arrival.body,
        received_at=arrival.at,
        # A delayed answer is written down when it is given: its sender may have hung up by then.
        status=None if became.plan.wait else became.plan.status,
        delivered=bool(became.copies),
        behaviour=told.label if told else "",
        request_id=arrival.request_id,
    )
    messages.insert(store, [received] * max(became.copies, 1))
    if verdict.rendered is not None:
        renderings.keep(store, arrival.mid, verdict.rendered)


def _announce(store: sqlite3.Connection, verdict: Verdict, became: Outcome, arrival: Arrival) -> float:
    """Tells the app of what reached the phone; returns by how much its answer has to wait for that."""
    if not became.copies or verdict.contact is None or verdict.envelope is None:
        return 0.0
    manner = manners.load(store, verdict.page_id)
    sent = Sent(mid=arrival.mid, body=verdict.envelope.message or {}, at=arrival.at, app_id=app.this().app_id)
    outbox.put(store, verdict.page_id, telling.of_a_message(verdict.contact, sent, manner), now=arrival.at)
    return telling.ECHO_LEAD if manner.echo_first else 0.0
