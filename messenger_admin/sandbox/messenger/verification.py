"""Asks the app's address to prove itself, as Facebook does before it tells anything (`hub.challenge`)."""

import secrets
import sqlite3
from http import HTTPStatus

from django.conf import settings

from messenger_admin.sandbox.facebook import app
from messenger_admin.sandbox.messenger import callback, client
from messenger_admin.sandbox.messenger.client import NoAnswer

PATH = "/webhooks/facebook/"
PATIENCE = 5.0


def address() -> str:
    return f"{app.this().home}{PATH}"


def passed(store: sqlite3.Connection, *, now: float) -> bool:
    """Whether events may be posted; asks the address where that is due. Where nobody asked for a proof, they may."""
    found = callback.load(store)
    if found is not None and found.is_open and found.due_at <= now:
        _ask(store, now=now)
        found = callback.load(store)
    return found is None or found.verified_at is not None


def _ask(store: sqlite3.Connection, *, now: float) -> None:
    challenge = str(secrets.randbelow(10**9))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": settings.FACEBOOK_VERIFY_TOKEN}
    try:
        reply = client.get(address(), query, patience=PATIENCE)
    except NoAnswer as error:
        callback.refused(store, str(error), now=now)
        return
    if (reply.status, reply.body) == (HTTPStatus.OK, challenge):
        callback.verified(store, now=now)
    else:
        callback.refused(store, f"HTTP {reply.status}: {reply.body[:200]}", now=now)
