"""`messenger_profile`: read, set and erased, ten times in ten minutes for each page."""

import sqlite3
import time
from typing import Any

from messenger_admin.sandbox.facebook import profiles
from messenger_admin.sandbox.facebook.graph import access, errors, fields, profile_rules
from messenger_admin.sandbox.facebook.graph.call import Call

DONE = {"result": "success"}


def shown(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    page_id = _page(store, call)
    asked = fields.names(call.text("fields"))
    if not asked:
        raise errors.parameter("The parameter fields is required.")
    known = {**profiles.of(store, page_id), profile_rules.EUROPE: True}
    for name in asked:
        if name != profile_rules.EUROPE and name not in profile_rules.CHECKS:
            raise errors.no_field(name, "MessengerProfile")
    found = {name: known[name] for name in asked if name in known}
    return {"data": [found] if found else []}


def write(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    page_id = _page(store, call)
    values = {name: call.value(name) for name in profile_rules.CHECKS if name in call.params}
    profile_rules.check(values)
    if "persistent_menu" in values and "get_started" not in {**profiles.of(store, page_id), **values}:
        raise errors.parameter("You must set a Get Started button if you also wish to use persistent menu.")
    profiles.write(store, page_id, values)
    return DONE


def erase(store: sqlite3.Connection, call: Call) -> dict[str, Any]:
    page_id = _page(store, call)
    names = call.items("fields")
    if not names or not profile_rules.CHECKS.keys() >= set(names):
        raise errors.parameter("Param fields must name what is to be erased: " + ", ".join(profile_rules.CHECKS))
    profiles.erase(store, page_id, names)
    return DONE


def _page(store: sqlite3.Connection, call: Call) -> str:
    token = access.page(store, call, call.path[0], scopes=("pages_messaging",), tasks=("MESSAGING",))
    if not profiles.count(store, token.page_id, time.time()):
        raise errors.of(613)
    return token.page_id
