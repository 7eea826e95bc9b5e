"""What the sandbox's Graph was told to do with a call, instead of answering it or on top of that."""

import sqlite3
from dataclasses import replace
from http import HTTPStatus

from messenger_admin.sandbox import behaviours, rules
from messenger_admin.sandbox.behaviours import UNANSWERED, Behaviour, Kind, Side
from messenger_admin.sandbox.endpoint import answer
from messenger_admin.sandbox.exchange import Ending, Plan
from messenger_admin.sandbox.facebook import accounts, app, usage
from messenger_admin.sandbox.facebook.graph import errors
from messenger_admin.sandbox.facebook.graph.errors import Refusal

TOKENS_DIE = frozenset({Kind.TOKEN_DIES, Kind.EXPIRE_TOKEN})
# The error of a kind that was told without a code.
USUAL_CODE = {Kind.PERMISSION_MISSING: 10, Kind.THROTTLED: 4, Kind.TEMPORARY: 2, Kind.GRAPH_ERROR: 1}
USED_UP = 100


def told(store: sqlite3.Connection, *, page_id: str, token: str, called: str) -> Behaviour | None:
    """What applies to this call, counted down. `called` is method and path: `POST /me/subscribed_apps`."""
    mortal = accounts.find(store, token) is not None
    known = [one for one in rules.load(store, Side.GRAPH) if mortal or one.kind not in TOKENS_DIE]
    while known:
        chosen = behaviours.choose(known, page_id=page_id, customer_id="", token=token, body=called)
        if chosen is None:
            return None
        if not rules.let_pass(store, chosen) and (chosen.remaining is None or rules.use_up(store, chosen)):
            return chosen
        known.remove(chosen)
    return None


def refusal(store: sqlite3.Connection, behaviour: Behaviour, *, page_id: str, token: str) -> Refusal | None:
    """The error that is answered in place of what was asked; None where that is done all the same."""
    if behaviour.kind in TOKENS_DIE:
        subcode = behaviour.subcode or accounts.EXPIRED
        accounts.kill(store, subcode, token=token)
        rules.bind(store, behaviour, behaviours.digest(token))
        return errors.of(190, subcode, app=app.this().app_id)
    if behaviour.kind not in USUAL_CODE:
        return None
    said = errors.of(behaviour.code or USUAL_CODE[behaviour.kind], behaviour.subcode, app=app.this().app_id)
    used = behaviour.usage or (USED_UP if behaviour.kind == Kind.THROTTLED else 0)
    return replace(said, headers={**said.headers, **usage.headers(used, page_id=page_id, regain=behaviour.regain)})


def is_done(behaviour: Behaviour) -> bool:
    """Whether what was asked takes effect, whatever is answered."""
    return behaviour.kind != Kind.RESET_UNREAD and (behaviour.kind != Kind.ANSWER or behaviour.delivers)


def spoilt(behaviour: Behaviour, whole: Plan) -> Plan:
    """The answer as it goes out, made of the one that it would have been."""
    if behaviour.kind == Kind.ANSWER and behaviour.status < HTTPStatus.MULTIPLE_CHOICES and not behaviour.body:
        return replace(whole, wait=behaviour.seconds)
    if behaviour.kind == Kind.ANSWER:
        headers = {"Retry-After": behaviour.retry_after} if behaviour.retry_after else None
        data = answer(behaviour.status, behaviour.body.encode(), headers)
        return Plan(status=behaviour.status, data=data, wait=behaviour.seconds, record=False)
    if behaviour.kind not in UNANSWERED:
        return replace(whole, wait=behaviour.seconds)
    reset = behaviour.kind in {Kind.RESET, Kind.RESET_UNREAD}
    return Plan(
        status=None,
        data=whole.data[: len(whole.data) * 3 // 4] if behaviour.kind == Kind.HALF else b"",
        wait=behaviour.seconds,
        ending=Ending.RESET if reset else Ending.CLOSE,
        record=False,
    )
