"""Which edge answers which call."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from messenger_admin.sandbox.facebook.graph import (
    debug_token,
    errors,
    message_templates,
    messenger_profile,
    nodes,
    oauth,
    person,
    subscribed_apps,
)
from messenger_admin.sandbox.facebook.graph.call import Call

Edge = Callable[[sqlite3.Connection, Call], dict[str, Any]]

# Addresses of their own.
ROOTS: dict[tuple[str, ...], Mapping[str, Edge]] = {
    ("oauth", "access_token"): {"GET": oauth.access_token, "POST": oauth.access_token},
    ("debug_token",): {"GET": debug_token.debug_token},
    ("message_template_library",): {"GET": message_templates.search_library},
}
# What hangs on a node, by the name that follows its id.
EDGES: dict[str, Mapping[str, Edge]] = {
    "": {"GET": nodes.node},
    "accounts": {"GET": person.pages},
    "permissions": {"GET": person.permissions, "DELETE": person.take_permissions},
    "picture": {"GET": nodes.picture},
    "subscribed_apps": {
        "GET": subscribed_apps.shown,
        "POST": subscribed_apps.subscribe,
        "DELETE": subscribed_apps.unsubscribe,
    },
    "messenger_profile": {
        "GET": messenger_profile.shown,
        "POST": messenger_profile.write,
        "DELETE": messenger_profile.erase,
    },
    "message_templates": {
        "GET": message_templates.shown,
        "POST": message_templates.create,
        "DELETE": message_templates.erase,
    },
}


def find(call: Call) -> Edge:
    """Raises Refusal: there is no such address, or not with this method."""
    methods = ROOTS.get(call.path) or _hanging(call.path)
    if methods is None:
        raise errors.no_path(f"/{'/'.join(call.path)}")
    if call.method not in methods:
        raise errors.no_method(call.method)
    return methods[call.method]


def _hanging(path: tuple[str, ...]) -> Mapping[str, Edge] | None:
    node, *edge = path or ("",)
    if node != "me" and not node.isdecimal():
        return None
    if len(edge) == 2 and edge[0] == "permissions":
        return EDGES["permissions"]
    return EDGES.get(edge[0] if edge else "") if len(edge) < 2 else None
