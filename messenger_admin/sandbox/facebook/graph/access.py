"""Who calls, and what they may do: tokens, proofs, permissions and tasks."""

import hashlib
import hmac
import sqlite3
import time
from dataclasses import dataclass

from messenger_admin.sandbox.facebook import accounts, app, grants, people
from messenger_admin.sandbox.facebook.accounts import Token
from messenger_admin.sandbox.facebook.grants import Grant
from messenger_admin.sandbox.facebook.graph import errors
from messenger_admin.sandbox.facebook.graph.call import Call

NOT_ADMINISTERED = 492


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """`token` is None for the app itself, `grant` where the person has let nobody in."""

    token: Token | None
    grant: Grant | None = None

    @property
    def me(self) -> str:
        """Whom `me` names: the page of a page's token, the person of a person's."""
        if self.token is None:
            raise errors.nobody_is_me()
        return self.token.page_id or self.token.user_id

    def may(self, scope: str) -> bool:
        return bool(self.grant and scope in self.grant.scopes)


def caller(store: sqlite3.Connection, call: Call) -> Caller:
    """Raises Refusal: no token, one that is none of ours or dead, or a proof that doesn't fit."""
    this = app.this()
    if not call.token:
        raise errors.no_token()
    _check_proof(call, this.secret)
    if call.token == this.token:
        return Caller(token=None)
    token = accounts.find(store, call.token)
    if token is None:
        raise errors.dead_token(0, app=this.app_id)
    if subcode := token.subcode(time.time()):
        raise errors.dead_token(subcode, app=this.app_id)
    return Caller(token=token, grant=grants.of(store, token.user_id))


def page(
    store: sqlite3.Connection, call: Call, page_id: str, *, scopes: tuple[str, ...] = (), tasks: tuple[str, ...] = ()
) -> Token:
    """The page's own token with what is needed; `me` names the page that the token is of.

    Raises Refusal, in the order in which Facebook looks.
    """
    who = caller(store, call)
    if who.token is None or not who.token.page_id:
        raise errors.page_token_needed()
    if page_id not in {"me", who.token.page_id}:
        raise errors.no_object(call.method, page_id)
    has = people.tasks(store, who.token.user_id, who.token.page_id)
    if not has:
        raise errors.dead_token(NOT_ADMINISTERED, app=app.this().app_id)
    if who.grant is None or who.token.page_id not in who.grant.page_ids:
        raise errors.not_shared()
    for scope in scopes:
        if not who.may(scope):
            raise errors.permission(scope)
    for task in tasks:
        if task not in has:
            raise errors.task(task)
    return who.token


def _check_proof(call: Call, secret: str) -> None:
    given = call.text("appsecret_proof")
    known = hmac.new(secret.encode(), call.token.encode(), hashlib.sha256).hexdigest()
    if given and not hmac.compare_digest(given.encode(), known.encode()):
        message = "Invalid appsecret_proof provided in the API argument"
        raise errors.Refusal(message=message, code=100, kind=errors.GRAPH_METHOD)
