"""Taking a single message from the merchant's systems: its row is committed before anybody is told that it was taken.

Whether the token still opens the page and whether the agreement is in force are asked by the statement that inserts the
row, so that a revocation or a STOP of this very moment counts. What is not inserted, `refusal_of` explains.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from notifications import hints
from notifications.models import Content
from notifications.payloads.utility import parse_choice_json
from notifications.services import sql
from notifications.services.contents import freeze
from notifications.services.refusing import Order, Refusal, refusal_of
from notifications.states import DeliveryState, Origin
from optins.states import OptInState


class NotAccepted(Exception):
    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    delivery_id: int
    page_pk: int
    created_at: datetime
    expires_at: datetime


# The opt-in, where its agreement is in force, and the token, where it holds and opens the page as it is linked now.
_TARGET = """
SELECT o.page_id, o.id AS optin_id, t.id AS token_id
FROM optins_optin o
    JOIN pages_page p ON p.id = o.page_id
    JOIN pages_link l ON l.page_id = p.id AND l.closed_at IS NULL
    JOIN pages_apitoken t ON t.id = %(token)s AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > {now})
WHERE p.page_id = %(page_id)s AND o.customer_id = %(customer_id)s AND o.state = %(active)s
    AND (o.expires_at IS NULL OR o.expires_at > {now})
    AND EXISTS (SELECT 1 FROM pages_binding b WHERE b.token_id = t.id AND b.site_id = l.site_id
        AND (b.page_id IS NULL OR b.page_id = p.id))
"""
_INSERT = """
INSERT INTO notifications_delivery
    (page_id, optin_id, content_id, api_token_id, origin, state, reason, detail, created_at, due_at, expires_at,
     attempts, provider_message_id, personal)
SELECT target.page_id, target.optin_id, content.id, target.token_id, %(origin)s, %(queued)s, '', '', {now}, {now},
    {expires}, 0, '', {personal}
FROM target, content
RETURNING id, page_id
"""
# PostgreSQL stores a new content and the row in one statement; one that is being stored at this instant by somebody
# else is in neither part, and the long way round finds it.
_AT_ONCE = f"""
WITH target AS ({_TARGET}),
known AS (SELECT id FROM notifications_content WHERE sha256 = %(sha256)s),
made AS (
    INSERT INTO notifications_content (sha256, kind, body, utility, created_at)
    SELECT %(sha256)s, %(kind)s, %(body)s, %(utility)s, {{now}} FROM target WHERE NOT EXISTS (SELECT 1 FROM known)
    ON CONFLICT DO NOTHING RETURNING id
),
content AS (SELECT id FROM known UNION ALL SELECT id FROM made)
{_INSERT}
"""  # noqa: S608  (the project's own words)
_KNOWN = f"""
WITH target AS ({_TARGET}),
content AS (SELECT id FROM notifications_content WHERE id = %(content)s)
{_INSERT}
"""  # noqa: S608


def accept(order: Order, *, now: datetime) -> Accepted:
    """Inserts the row and hints to its page. Raises NotAccepted, having stored nothing."""
    row = _at_once(order, now) if connection.vendor == "postgresql" else None
    row = row or _the_long_way(order, now)
    hints.kick_page_soon(row.page_pk)
    return row


def _at_once(order: Order, now: datetime) -> Accepted | None:
    frozen = {"kind": order.message.kind, "body": order.body, "utility": order.utility}
    return _insert(_AT_ONCE, order, now, {"sha256": Content.digest(order.body, order.utility), **frozen})


def _the_long_way(order: Order, now: datetime) -> Accepted:
    with transaction.atomic():
        choice = parse_choice_json(order.utility) if order.utility else None
        row = _insert(_KNOWN, order, now, {"content": freeze(order.message, choice).pk})
        if row is None:
            # The content goes with it. What changed within this very instant is told as it was.
            raise NotAccepted(refusal_of(order, now=now) or Refusal.OPTED_OUT)
    return row


def _insert(statement: str, order: Order, now: datetime, values: dict[str, Any]) -> Accepted | None:
    expires_at = now + timedelta(seconds=settings.MESSAGE_LIFE)
    values |= {
        "now": now,
        "expires": expires_at,
        "token": order.token_pk,
        "page_id": order.page_id,
        "customer_id": order.customer_id,
        "personal": json.dumps(order.personal) if order.personal else None,
        "origin": Origin.API.value,
        "queued": DeliveryState.QUEUED.value,
        "active": OptInState.ACTIVE.value,
    }
    rows = sql.run(_spelt(statement), values)
    return Accepted(delivery_id=rows[0][0], page_pk=rows[0][1], created_at=now, expires_at=expires_at) if rows else None


@cache
def _spelt(statement: str) -> str:
    """As the database spells it: a process has one."""
    places = {"now": sql.time("now"), "expires": sql.time("expires"), "personal": sql.json("personal")}
    return statement.format(**places)
