"""Taking many messages at once, in a few statements however many they are.

As for a single one, the statement that inserts the rows asks whether the token opens each page and whether each
agreement is in force: what it does not insert is refused, and the others are there.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from notifications import hints
from notifications.models import Content
from notifications.services import bulk, sql
from notifications.services.accepting import Accepted
from notifications.services.refusing import Order, Refusal, refusals_of
from notifications.states import DeliveryState, Origin
from optins.states import OptInState


class _Row(NamedTuple):
    position: int
    optin: int
    sha256: str
    personal: str | None


_OPTINS = """
SELECT p.page_id, o.customer_id, o.id
FROM {asked} a
    JOIN pages_page p ON p.page_id = a.page_id
    JOIN optins_optin o ON o.page_id = p.id AND o.customer_id = a.customer_id
WHERE o.state = %(active)s AND (o.expires_at IS NULL OR o.expires_at > {now})
"""
# In one order for all, so that two batches with the same new contents don't wait for each other.
_CONTENTS = """
INSERT INTO notifications_content (sha256, kind, body, utility, created_at)
SELECT sha256, kind, body, utility, {now} FROM {frozen} f WHERE TRUE ORDER BY sha256
ON CONFLICT (sha256) DO NOTHING
"""
# Ids rise with the positions, which is how the rows of one opt-in find their places again.
_ROWS = """
INSERT INTO notifications_delivery
    (page_id, optin_id, content_id, api_token_id, origin, state, reason, detail, created_at, due_at, expires_at,
     attempts, provider_message_id, personal)
SELECT o.page_id, o.id, c.id, t.id, %(origin)s, %(queued)s, '', '', {now}, {now}, {expires}, 0, '', {personal}
FROM {rows} r
    JOIN optins_optin o ON o.id = r.optin AND o.state = %(active)s AND (o.expires_at IS NULL OR o.expires_at > {now})
    JOIN notifications_content c ON c.sha256 = r.sha256
    JOIN pages_link l ON l.page_id = o.page_id AND l.closed_at IS NULL
    JOIN pages_apitoken t ON t.id = %(token)s AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > {now})
WHERE EXISTS (SELECT 1 FROM pages_binding b WHERE b.token_id = t.id AND b.site_id = l.site_id
    AND (b.page_id IS NULL OR b.page_id = o.page_id))
ORDER BY r.position
RETURNING id, optin_id, page_id
"""


def accept_all(orders: Sequence[Order], *, token_pk: int, now: datetime) -> list[Accepted | Refusal]:
    """What became of each, in their order. All are of the one token."""
    with transaction.atomic():
        # Those that are surely not inserted leave no content behind.
        optins = _optins({order.to for order in orders}, now)
        rows = [
            _Row(position, optins[order.to], Content.digest(order.body, order.utility), _json(order))
            for position, order in enumerate(orders)
            if order.to in optins
        ]
        _store({row.sha256: orders[row.position] for row in rows}, now)
        taken = _insert(rows, token_pk, now)
        for page_pk in {row.page_pk for row in taken.values()}:
            hints.kick_page_soon(page_pk)
    refused = [order for position, order in enumerate(orders) if position not in taken]
    why = refusals_of(refused, token_pk=token_pk, now=now) if refused else {}
    # What changed within this very instant is told as it was.
    return [
        taken[position] if position in taken else why[order.to] or Refusal.OPTED_OUT
        for position, order in enumerate(orders)
    ]


def _optins(asked: Collection[tuple[str, str]], now: datetime) -> dict[tuple[str, str], int]:
    """Those in force, by page and customer."""
    table, given = bulk.table({"page_id": bulk.TEXT, "customer_id": bulk.TEXT}, list(asked), parameter="asked")
    values = {"asked": given, "now": now, "active": OptInState.ACTIVE.value}
    rows = sql.run(_OPTINS.format(asked=table, now=sql.time("now")), values)
    return {(page_id, customer_id): pk for page_id, customer_id, pk in rows}


def _json(order: Order) -> str | None:
    return json.dumps(order.personal) if order.personal else None


def _store(contents: dict[str, Order], now: datetime) -> None:
    columns = {"sha256": bulk.TEXT, "kind": bulk.TEXT, "body": bulk.TEXT, "utility": bulk.TEXT}
    frozen = [(sha256, order.message.kind, order.body, order.utility) for sha256, order in contents.items()]
    table, given = bulk.table(columns, frozen, parameter="frozen")
    sql.run(_CONTENTS.format(now=sql.time("now"), frozen=table), {"frozen": given, "now": now})


def _insert(rows: Sequence[_Row], token_pk: int, now: datetime) -> dict[int, Accepted]:
    """The rows that are there now, by their positions."""
    columns = {"position": bulk.INTEGER, "optin": bulk.INTEGER, "sha256": bulk.TEXT, "personal": bulk.TEXT}
    table, given = bulk.table(columns, rows, parameter="rows")
    expires_at = now + timedelta(seconds=settings.MESSAGE_LIFE)
    personal = "CAST(r.personal AS jsonb)" if sql.on_postgresql() else "r.personal"
    values = {
        "rows": given,
        "now": now,
        "expires": expires_at,
        "origin": Origin.API.value,
        "queued": DeliveryState.QUEUED.value,
        "active": OptInState.ACTIVE.value,
        "token": token_pk,
    }
    places = {"now": sql.time("now"), "expires": sql.time("expires"), "personal": personal, "rows": table}
    ids = _by_optin(sql.run(_ROWS.format(**places), values))
    return {
        row.position: Accepted(delivery_id=pk, page_pk=page_pk, created_at=now, expires_at=expires_at)
        for row in rows
        if row.optin in ids
        for pk, page_pk in [next(ids[row.optin])]
    }


def _by_optin(inserted: Iterable[tuple[Any, ...]]) -> dict[int, Iterator[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pk, optin, page_pk in sorted(inserted):
        found[optin].append((pk, page_pk))
    return {optin: iter(rows) for optin, rows in found.items()}
