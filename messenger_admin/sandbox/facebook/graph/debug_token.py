"""`debug_token`: what a token is, what it may do, and why it is dead."""

import sqlite3
import time
from typing import Any

from messenger_admin.sandbox.facebook import accounts, app, grants, people
from messenger_admin.sandbox.facebook.accounts import Token
from messenger_admin.sandbox.facebook.grants import Grant
from messenger_admin.sandbox.facebook.graph import access, errors
from messenger_admin.sandbox.facebook.graph.call import Call

# The app may read the data of whoever logged in for so long (Facebook Login, "Data access expiration").
DATA_ACCESS_SECONDS = 7_776_000


def debug_token(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    access.caller(store, call)
    text = call.text("input_token")
    if not text:
        raise errors.parameter("The parameter input_token is required.")
    if text == app.this().token:
        return {"data": {**_app(), "type": "APP", "is_valid": True, "scopes": []}}
    token = accounts.find(store, text)
    if token is None:
        return {"data": {"error": _error(errors.dead_token(0, app="")), "is_valid": False, "scopes": []}}
    return {"data": _described(store, token)}


def _described(store: sqlite3.Connection, token: Token) -> dict[str, Any]:
    subcode = _dead(store, token)
    grant = None if subcode else grants.of(store, token.user_id)
    return {
        **_app(),
        "type": "PAGE" if token.page_id else "USER",
        "data_access_expires_at": int((grant.granted_at if grant else token.issued_at) + DATA_ACCESS_SECONDS),
        **({"error": _error(errors.dead_token(subcode, app=app.this().app_id))} if subcode else {}),
        "expires_at": int(token.expires_at),
        "is_valid": not subcode,
        "issued_at": int(token.issued_at),
        **({"profile_id": token.page_id} if token.page_id else {}),
        "scopes": list(grant.scopes) if grant else [],
        **({"granular_scopes": _granular(grant)} if grant else {}),
        "user_id": token.user_id,
    }


def _dead(store: sqlite3.Connection, token: Token) -> int:
    if subcode := token.subcode(time.time()):
        return subcode
    lost = token.page_id and not people.tasks(store, token.user_id, token.page_id)
    return access.NOT_ADMINISTERED if lost else 0


def _granular(grant: Grant) -> list[dict[str, Any]]:
    """Permissions on pages name the pages that were shared."""
    return [
        {"scope": scope, **({"target_ids": list(grant.page_ids)} if scope.startswith("page") else {})}
        for scope in grant.scopes
        if scope != grants.PUBLIC_PROFILE
    ]


def _app() -> dict[str, Any]:
    return {"app_id": app.this().app_id, "application": app.NAME}


def _error(refusal: errors.Refusal) -> dict[str, Any]:
    subcode = {"subcode": refusal.subcode} if refusal.subcode else {}
    return {"code": refusal.code, "message": refusal.message, **subcode}
