"""`oauth/access_token`: a code becomes a token, a token becomes a long-lived one.

Facebook Login, "Manually build a login flow" and "Long-lived access tokens".
"""

import sqlite3
import time
from typing import Any

from messenger_admin.sandbox.facebook import accounts, app, grants
from messenger_admin.sandbox.facebook.accounts import LONG_LIVED, SHORT_LIVED, Token
from messenger_admin.sandbox.facebook.graph import errors
from messenger_admin.sandbox.facebook.graph.call import Call
from messenger_admin.sandbox.facebook.graph.errors import Refusal


def access_token(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    _check_app(call)
    grant_type = call.text("grant_type", "authorization_code")
    if grant_type == "fb_exchange_token":
        return _said(_prolonged(store, call.text("fb_exchange_token")))
    if grant_type == "client_credentials":
        return {"access_token": app.this().token, "token_type": "bearer"}
    if grant_type != "authorization_code":
        raise Refusal(message=f"Invalid grant_type: {grant_type}", code=100)
    return _said(_exchanged(store, call))


def _check_app(call: Call) -> None:
    this = app.this()
    for name in ("client_id", "client_secret"):
        if not call.text(name):
            raise Refusal(message=f"Missing {name} parameter.", code=101)
    if call.text("client_id") != this.app_id:
        message = "Error validating application. Cannot get application info due to a system error."
        raise Refusal(message=message, code=101)
    if call.text("client_secret") != this.secret:
        raise Refusal(message="Error validating client secret.", code=1)


def _exchanged(store: sqlite3.Connection, call: Call) -> Token:
    text = call.text("code")
    if not text:
        raise Refusal(message="Missing authorization code", code=1)
    code = grants.code(store, text)
    if code is None:
        raise Refusal(message="Invalid verification code format.", code=100)
    if code.used_at is not None:
        raise Refusal(message="This authorization code has been used.", code=100, subcode=36009)
    if code.expires_at <= time.time():
        raise Refusal(message="This authorization code has expired.", code=100, subcode=36007)
    if code.redirect_uri != call.text("redirect_uri"):
        message = (
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used "
            "in the OAuth dialog request"
        )
        raise Refusal(message=message, code=100, subcode=36008)
    if grants.of(store, code.user_id) is None:
        raise errors.dead_token(accounts.APP_REMOVED, app=app.this().app_id)
    grants.use(store, text)
    return accounts.issue(store, code.user_id, long_lived=False, expires_at=time.time() + SHORT_LIVED)


def _prolonged(store: sqlite3.Connection, text: str) -> Token:
    if not text:
        raise Refusal(message="fb_exchange_token parameter not specified", code=1)
    token = accounts.find(store, text)
    subcode = token.subcode(time.time()) if token else 0
    if token is None or subcode:
        raise errors.dead_token(subcode, app=app.this().app_id)
    if token.page_id:
        return token
    return accounts.issue(store, token.user_id, long_lived=True, expires_at=time.time() + LONG_LIVED)


def _said(token: Token) -> dict[str, Any]:
    left = {"expires_in": round(token.expires_at - time.time())} if token.expires_at else {}
    return {"access_token": token.token, "token_type": "bearer", **left}
