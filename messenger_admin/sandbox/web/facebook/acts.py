"""What the screens and their JSON API do to Facebook, each with what is to be said of it."""

import secrets
import sqlite3
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messenger_admin.sandbox.behaviours import digest
from messenger_admin.sandbox.facebook import accounts, grants, people, signed_requests, templates
from messenger_admin.sandbox.facebook.people import FacebookPage, Person, Role
from messenger_admin.sandbox.facebook.signed_requests import Kind, Posted
from messenger_admin.sandbox.facebook.templates import NO_REASON, Status
from messenger_admin.sandbox.store import transaction

Data = Mapping[str, Any]


class NobodyThere(Exception):
    """There is no such person or template; its text says so to whoever asked."""


def add_person(store: sqlite3.Connection, data: Data) -> Person:
    made = Person(user_id=_number("1016"), name=data["name"])
    people.add_person(store, made)
    return made


def add_page(store: sqlite3.Connection, data: Data) -> FacebookPage:
    _somebody(store, data["user_id"])
    page_id = data["page_id"] or _number("4118")
    page = people.page(store, page_id) or FacebookPage(
        page_id=page_id, name=data["name"], category=data["category"] or "Shop"
    )
    with transaction(store):
        people.give(store, data["user_id"], Role(page=page, tasks=tuple(data["tasks"])))
    return page


def kill(store: sqlite3.Connection, data: Data) -> int:
    """How many tokens died."""
    page_id, user_id, wanted = data["page_id"], data["user_id"], data["digest"]
    if not wanted:
        return accounts.kill(store, data["subcode"], page_id=page_id, user_id=user_id)
    living = accounts.living(store, page_id=page_id, user_id=user_id)
    meant = [one for one in living if digest(one.token) == wanted]
    return sum(accounts.kill(store, data["subcode"], token=one.token) for one in meant)


def revoke(store: sqlite3.Connection, data: Data) -> None:
    _somebody(store, data["user_id"])
    with transaction(store):
        if data["permission"]:
            grants.withdraw(store, data["user_id"], data["permission"])
        else:
            grants.revoke(store, data["user_id"])


def send(store: sqlite3.Connection, data: Data) -> Posted:
    """Whoever removes the app takes its access away with that; asking for deletion alone takes nothing away."""
    _somebody(store, data["user_id"])
    kind = Kind(data["kind"])
    if kind == Kind.DEAUTHORISE:
        with transaction(store):
            grants.revoke(store, data["user_id"])
    return signed_requests.post(store, kind, data["user_id"])


def decide(store: sqlite3.Connection, data: Data) -> None:
    found = templates.find(store, template_id=data["id"])
    if not found:
        raise NobodyThere(_("There is no such template."))
    status = Status(data["status"])
    reason = data["reason"] or (NO_REASON if status == Status.APPROVED else "INCORRECT_PARAMS")
    with transaction(store):
        templates.settle(store, found[0], status, reason)


def killed_words(killed: int) -> str:
    return ngettext("%(n)d token died.", "%(n)d tokens died.", killed) % {"n": killed}


def posted_words(posted: Posted) -> str:
    if posted.status is None:
        return _("The app did not answer: %(error)s.") % {"error": posted.answer}
    return _("The app answered %(status)d.") % {"status": posted.status}


def _somebody(store: sqlite3.Connection, user_id: str) -> Person:
    person = people.person(store, user_id)
    if person is None:
        raise NobodyThere(_("There is nobody with this id."))
    return person


def _number(beginning: str) -> str:
    """Fifteen digits and more, as Facebook's ids have."""
    return f"{beginning}{secrets.randbelow(10**12):012}"
