"""`{page}/subscribed_apps`: which of the page's events the app hears."""

import sqlite3
import time
from typing import Any

from messenger_admin.sandbox.facebook import app, people, subscriptions
from messenger_admin.sandbox.facebook.accounts import Token
from messenger_admin.sandbox.facebook.graph import access, errors
from messenger_admin.sandbox.facebook.graph.call import Call
from messenger_admin.sandbox.messenger import callback, outbox

_MESSAGING = ("messag", "messenger_", "standby", "send_cart")


def shown(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    token = _page(store, call)
    fields = subscriptions.fields_of(store, token.page_id)
    if not fields:
        return {"data": []}
    this = {"category": "Business", "link": app.this().home, "name": app.NAME, "id": app.this().app_id}
    return {"data": [{**this, "subscribed_fields": fields}]}


def subscribe(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """Replaces the fields that were subscribed before."""
    wanted = call.items("subscribed_fields")
    messaging = ("pages_messaging",) if any(field.startswith(_MESSAGING) for field in wanted) else ()
    token = _page(store, call, *messaging)
    if "MODERATE" not in people.tasks(store, token.user_id, token.page_id):
        raise errors.task("MODERATE")
    if not wanted:
        raise errors.parameter("The parameter subscribed_fields is required.")
    for place, field in enumerate(wanted):
        if field not in subscriptions.FIELDS:
            allowed = ", ".join(sorted(subscriptions.FIELDS))
            raise errors.parameter(f'Param subscribed_fields[{place}] must be one of {{{allowed}}} - got "{field}".')
    subscriptions.subscribe(store, token.page_id, list(dict.fromkeys(wanted)))
    outbox.enable(store, token.page_id)
    callback.verify(store, now=time.time())
    return {"success": True}


def unsubscribe(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    subscriptions.unsubscribe(store, _page(store, call).page_id)
    return {"success": True}


def _page(store: sqlite3.Connection, call: Call, *scopes: str) -> Token:
    return access.page(store, call, call.path[0], scopes=("pages_manage_metadata", *scopes))
