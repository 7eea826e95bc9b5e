"""Whether Facebook takes a message: the call, the body, the template, the person, the window; in this order."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from messenger_admin.sandbox.facebook import app, templates
from messenger_admin.sandbox.facebook.graph import access, errors
from messenger_admin.sandbox.facebook.graph.call import Call
from messenger_admin.sandbox.facebook.graph.errors import Refusal
from messenger_admin.sandbox.messenger import people, window
from messenger_admin.sandbox.messenger.checks import envelope, utility
from messenger_admin.sandbox.messenger.checks.envelope import Envelope, Right
from messenger_admin.sandbox.messenger.people import Contact
from messenger_admin.sandbox.messenger.refusals import refused

SCOPE = "pages_messaging"
TASK = "MESSAGING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`refusal` is None for what is taken; then `envelope` and `contact` are there.

    `page_id` and `psid` are as far as the request names them. `rendered` is what a utility template says.
    """

    version: str
    page_id: str
    psid: str
    token: str = ""
    known: bool = False  # the call is that of a page which may send: the rest is about the message
    envelope: Envelope | None = None
    contact: Contact | None = None
    rendered: Mapping[str, Any] | None = None
    refusal: Refusal | None = None


def judge(store: sqlite3.Connection, call: Call, *, now: float) -> Verdict:
    verdict = Verdict(version=call.version, page_id=call.path[0], psid=addressee(call.params), token=call.token)
    try:
        if call.version not in {*app.VERSIONS, settings.GRAPH_VERSION}:
            raise errors.old_version(call.version, app.newest())
        page_id = access.page(store, call, call.path[0], scopes=(SCOPE,), tasks=(TASK,)).page_id
        verdict = replace(verdict, page_id=page_id, known=True)
        return _of_the_message(store, call.params, verdict, now)
    except Refusal as refusal:
        return replace(verdict, refusal=refusal)


def addressee(params: Mapping[str, Any]) -> str:
    """Who is written to, as far as a body says so that may be anything."""
    recipient = params.get("recipient")
    psid = recipient.get("id") if isinstance(recipient, Mapping) else None
    return psid[:64] if isinstance(psid, str) else ""


def _of_the_message(store: sqlite3.Connection, params: Mapping[str, Any], verdict: Verdict, now: float) -> Verdict:
    checked = envelope.check(params)
    rendered = _template(store, verdict.page_id, checked) if checked.right is Right.UTILITY else None
    contact = _reachable(store, verdict.page_id, checked.psid)
    window.check(checked.right, contact.acted_at, now)
    return replace(verdict, envelope=checked, contact=contact, rendered=rendered)


def _template(store: sqlite3.Connection, page_id: str, checked: Envelope) -> Mapping[str, Any]:
    sent = (checked.message or {})["template"]
    name, language = utility.named(sent)
    found = templates.find(store, page_id=page_id, name=name, language=language)
    if not found:
        raise refused(100, 0, f"The template {name} does not exist in {language}")
    components = found[0].body.get("components")
    utility.check_against(sent, status=found[0].status, components=components)
    return utility.rendered(components, sent)


def _reachable(store: sqlite3.Connection, page_id: str, psid: str) -> Contact:
    contact = people.contact(store, psid)
    if contact is None or contact.page_id != page_id:
        raise refused(100, 2018001)
    if contact.blocked_at is not None:
        raise refused(551, 1545041)
    if contact.muted_at is not None:
        raise refused(10, 2018108)
    return contact
