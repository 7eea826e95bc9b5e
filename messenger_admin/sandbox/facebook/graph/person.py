"""What hangs on a person: the pages that they share with the app, and the permissions that they gave it."""

import sqlite3
from typing import Any

from messenger_admin.sandbox.facebook import accounts, app, grants, people
from messenger_admin.sandbox.facebook.accounts import Token
from messenger_admin.sandbox.facebook.graph import access, errors, fields, nodes, paging
from messenger_admin.sandbox.facebook.graph.access import Caller
from messenger_admin.sandbox.facebook.graph.call import Call
from messenger_admin.sandbox.facebook.people import Role


def pages(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """`GET /me/accounts`: none where the person shared none, or doesn't let the app see which there are."""
    who, token = _myself(store, call)
    shared = who.grant.page_ids if who.grant and who.may("pages_show_list") else ()
    roles = [role for role in people.roles(store, token.user_id) if role.page.page_id in shared]
    found, turning = paging.cut(call, roles, base=app.this().graph)
    data = [_account(store, call, token, role) for role in found]
    return {"data": data, **({"paging": turning} if turning else {})}


def _account(store: sqlite3.Connection, call: Call, token: Token, role: Role) -> dict[str, Any]:
    page = role.page
    known = {
        "id": lambda: page.page_id,
        "name": lambda: page.name,
        "access_token": lambda: accounts.page_token(store, token, page.page_id).token,
        "category": lambda: page.category,
        "category_list": lambda: [{"id": "2200", "name": page.category}],
        "tasks": lambda: list(role.tasks),
        "picture": lambda: nodes.picture_of(page.page_id),
        "link": lambda: f"https://www.facebook.com/{page.page_id}",
    }
    usual = ("access_token", "category", "category_list", "name", "id", "tasks")
    return fields.chosen(call.text("fields"), known, usual=usual, node="Page")


def permissions(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """`GET /{user}/permissions`: what was asked for, and whether it was given."""
    who, _token = _myself(store, call)
    given = who.grant.scopes if who.grant else ()
    asked = dict.fromkeys((grants.PUBLIC_PROFILE, *app.this().scopes, *given))
    return {"data": [{"permission": one, "status": "granted" if one in given else "declined"} for one in asked]}


def take_permissions(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    """`DELETE /{user}/permissions`: one, or the whole app."""
    _who, token = _myself(store, call)
    scope = call.path[2] if len(call.path) > 2 else call.text("permission")
    if scope:
        grants.withdraw(store, token.user_id, scope)
    else:
        grants.revoke(store, token.user_id)
    return {"success": True}


def _myself(store: sqlite3.Connection, call: Call) -> tuple[Caller, Token]:
    """Only with the person's own token."""
    who = access.caller(store, call)
    if who.token is None:
        raise errors.nobody_is_me()
    if who.token.page_id or call.path[0] not in {"me", who.token.user_id}:
        raise errors.no_object(call.method, call.path[0])
    return who, who.token
