"""The consent log as a file, the oldest event first: as flat in memory for a million events as for ten."""

import csv
import io
import json
from collections.abc import Collection, Iterator
from datetime import tzinfo
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from optins.models import ConsentEvent
from optins.transfer.header import MARK, guarded
from pages import audit

# Rows that are read at once.
CHUNK = 2_000
HEADS = ("id", "at", "event", "customer_id", "page_id", "psid", "staff", "evidence")


def log_file(
    *, events: QuerySet[ConsentEvent], narrowed_by: Collection[str], actor: AbstractBaseUser, zone: tzinfo
) -> Iterator[str]:
    """CSV, its times on the clock of `zone`. Whoever takes the log away is written down before anything leaves.

    `narrowed_by` are the names of what was asked for and not its words: they may be a customer's id, which an erasure
    would have to find again.
    """
    audit.record(actor=actor, action="consent.exported", subject=actor, narrowed_by=sorted(narrowed_by))
    return _lines(events, zone)


def _lines(events: QuerySet[ConsentEvent], zone: tzinfo) -> Iterator[str]:
    """By id, each chunk behind the last: no cursor stays open between them, and no transaction."""
    yield MARK + _csv([list(HEADS)])
    last, ordered = 0, events.order_by("pk")
    while chunk := list(ordered.filter(pk__gt=last)[:CHUNK]):
        yield _csv([_cells(event, zone) for event in chunk])
        last = chunk[-1].pk


def _cells(event: ConsentEvent, zone: tzinfo) -> list[str]:
    cells: list[Any] = [
        event.pk,
        event.at.astimezone(zone).isoformat(),
        event.kind,
        event.optin.customer_id,
        event.optin.page.page_id,
        event.recipient.psid if event.recipient else "",
        event.actor.get_username() if event.actor else "",
        json.dumps(event.evidence, ensure_ascii=False) if event.evidence else "",
    ]
    return [guarded(str(cell)) for cell in cells]


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
