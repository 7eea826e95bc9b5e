"""Utility templates of pages: waiting, approved or rejected, and who is told when that changes."""

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from messenger_admin.sandbox.facebook.graph import template_rules
from messenger_admin.sandbox.messenger import outbox

# Facebook's ids are long; ours begin here.
_IDS_FROM = 1_500_000_000_000_000
# Facebook "usually" takes seconds.
DECISION_SECONDS = 2.0
NO_REASON = "NONE"
ANNOUNCED_AS = "message_template_status_update"


class Status(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`body` is as it was sent: `components`, `category`, `parameter_format`."""

    id: str
    page_id: str
    name: str
    language: str
    body: Mapping[str, Any]
    status: Status
    reason: str
    created_at: float


def find(
    store: sqlite3.Connection, *, page_id: str = "", name: str = "", language: str = "", template_id: str = ""
) -> list[Template]:
    """In the order of their making; an empty value is any."""
    number = int(template_id) - _IDS_FROM if template_id.isdecimal() and len(template_id) < 19 else -1
    sql = (
        "SELECT * FROM facebook_templates WHERE ? IN ('', page_id) AND ? IN ('', name) AND ? IN ('', language) "
        "AND (? = '' OR id = ?) ORDER BY id"
    )
    return [_template(row) for row in store.execute(sql, (page_id, name, language, template_id, number))]


def approved(store: sqlite3.Connection, page_id: str, name: str, language: str) -> Template | None:
    """What a utility message may be sent with."""
    found = find(store, page_id=page_id, name=name, language=language)
    return next((one for one in found if one.status == Status.APPROVED), None)


def create(store: sqlite3.Connection, page_id: str, name: str, language: str, body: Mapping[str, Any]) -> Template:
    """Raises sqlite3.IntegrityError where the page has one of this name and language."""
    cursor = store.execute(
        "INSERT INTO facebook_templates (page_id, name, language, body, status, reason, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (page_id, name, language, json.dumps(body), Status.PENDING, NO_REASON, time.time()),
    )
    (made,) = find(store, template_id=str(_IDS_FROM + (cursor.lastrowid or 0)))
    return made


def erase(store: sqlite3.Connection, templates: list[Template]) -> None:
    sql = "DELETE FROM facebook_templates WHERE id = ?"
    store.executemany(sql, [(int(one.id) - _IDS_FROM,) for one in templates])


def decide(store: sqlite3.Connection, now: float) -> int:
    """Facebook has looked at what was sent in a moment ago; returns how many it decided on."""
    sql = "SELECT * FROM facebook_templates WHERE status = 'PENDING' AND created_at <= ?"
    due = [_template(row) for row in store.execute(sql, (now - DECISION_SECONDS,))]
    for one in due:
        reason = template_rules.rejection(one.body)
        settle(store, one, Status.REJECTED if reason else Status.APPROVED, reason or NO_REASON)
    return len(due)


def settle(store: sqlite3.Connection, template: Template, status: Status, reason: str = NO_REASON) -> None:
    """Writes the decision down and tells the app, where it listens."""
    sql = "UPDATE facebook_templates SET status = ?, reason = ? WHERE id = ?"
    store.execute(sql, (status, reason, int(template.id) - _IDS_FROM))
    value = {
        "event": str(status),
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": reason,
    }
    outbox.announce(store, template.page_id, {"field": ANNOUNCED_AS, "value": value})


def _template(row: sqlite3.Row) -> Template:
    values = dict(row)
    known = {
        "id": str(_IDS_FROM + values["id"]),
        "body": json.loads(values["body"]),
        "status": Status(values["status"]),
    }
    return Template(**values | known)
