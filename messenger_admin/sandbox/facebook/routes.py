"""What of Facebook's the far end answers: from the request to the edge of the Graph API, and back."""

import re
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings

from messenger_admin.sandbox.exchange import Plan
from messenger_admin.sandbox.facebook import accounts, answers, app, faults, templates, usage
from messenger_admin.sandbox.facebook.graph import edges, errors
from messenger_admin.sandbox.facebook.graph.call import Call, read
from messenger_admin.sandbox.facebook.graph.errors import Refusal

_VERSION = re.compile(r"/(v[0-9]{1,3}\.[0-9]{1,2})(/|\Z)")


def answer(
    store: sqlite3.Connection, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> Plan | None:
    """What is answered to a request that is not the guide's; None where nothing is at this address.

    `path` is as it came, undecoded; names of `headers` are in lower case. `store` is in a writing transaction that
    the caller commits before a byte of the answer is written.
    """
    match = _VERSION.match(path)
    if match is None:
        return None
    version = match[1]
    try:
        call = read(method, path, query, headers, body)
        if version not in {*app.VERSIONS, settings.GRAPH_VERSION}:
            raise errors.old_version(version, app.newest())
        return _answered(store, call)
    except Refusal as refusal:
        return answers.refused(refusal, version=version)


def wants_time(store: sqlite3.Connection) -> bool:
    """Whether something here waits for its time."""
    row: sqlite3.Row = store.execute(
        "SELECT EXISTS (SELECT 1 FROM facebook_templates WHERE status = 'PENDING')"
    ).fetchone()
    return bool(row[0])


def pass_time(store: sqlite3.Connection) -> None:
    """What happens by itself: Facebook decides on the templates that were sent in."""
    templates.decide(store, time.time())


def _answered(store: sqlite3.Connection, call: Call) -> Plan:
    page_id = _page(store, call)
    called = f"{call.method} /{'/'.join(call.path)}"
    told = faults.told(store, page_id=page_id, token=call.token, called=called)
    if told is None:
        return _performed(store, call)
    if refusal := faults.refusal(store, told, page_id=page_id, token=call.token):
        return replace(answers.refused(refusal, version=call.version), wait=told.seconds)
    headers = usage.headers(told.usage, page_id=page_id, regain=told.regain)
    whole = _performed(store, call, headers) if faults.is_done(told) else answers.plan({}, version=call.version)
    return faults.spoilt(told, whole)


def _performed(store: sqlite3.Connection, call: Call, headers: Mapping[str, str] | None = None) -> Plan:
    try:
        said = edges.find(call)(store, call)
    except Refusal as refusal:
        told = replace(refusal, headers={**refusal.headers, **(headers or {})})
        return answers.refused(told, version=call.version)
    if call.path[-1] == "picture" and call.text("redirect", "1") not in {"0", "false"}:
        return answers.redirect(said["data"]["url"], version=call.version)
    return answers.plan(said, version=call.version, headers=headers)


def _page(store: sqlite3.Connection, call: Call) -> str:
    """The page that the call is about, as far as its address or its token says."""
    token = accounts.find(store, call.token)
    return (token.page_id if token else "") or (call.path[0] if call.path and call.path[0].isdecimal() else "")
