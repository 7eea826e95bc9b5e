"""Opt-ins of a page as a file, a piece at a time: as flat in memory for a million rows as for ten."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from optins.attributes import NAME, words_of
from optins.models import ConsentEvent, ConsentKind
from optins.querysets import OptInQuerySet
from optins.states import OptInState
from optins.transfer import header
from pages import audit
from pages.models import Page

# Rows that are read, and written, at once.
CHUNK = 2_000
FIELDS = (
    "pk",
    "customer_id",
    "recipient__psid",
    "state",
    "agreed_at",
    "expires_at",
    "ended_at",
    "purpose",
    "lifetime",
    "used_up",
    "source",
    "attributes",
)
GIVEN = (ConsentKind.GRANTED, ConsentKind.RENEWED)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which opt-ins, and how they are written. `noted` says in the audit log how `rows` were narrowed."""

    rows: OptInQuerySet
    noted: Mapping[str, object] = field(default_factory=dict)
    delimiter: str = ","


def export(*, page: Page, chosen: Chosen, actor: AbstractBaseUser | None, now: datetime) -> Iterator[str]:
    """The file's text, piece by piece: those of the rows that are the page's, in the order in which they came.

    Who is erased is in no file. The audit log has two lines for an export: that it began, before anything leaves, and
    how many rows left in the end, all of them or not.
    """
    audit.record(actor=actor, action="optin.export_began", subject=page, **chosen.noted)
    return _counted(page, chosen, actor, now)


def _counted(page: Page, chosen: Chosen, actor: AbstractBaseUser | None, now: datetime) -> Iterator[str]:
    # The header is no row.
    count, whole, mark = -1, False, header.MARK
    try:
        for lines in _pieces(page, chosen.rows, now):
            count += len(lines)
            yield mark + _csv(lines, chosen.delimiter)
            mark = ""
        whole = True
    finally:
        # Whoever hangs up half-way has what was sent till then.
        audit.record(actor=actor, action="optin.exported", subject=page, rows=max(0, count), whole=whole)


def _pieces(page: Page, rows: OptInQuerySet, now: datetime) -> Iterator[list[list[str]]]:
    """The header, and then the rows, chunk by chunk."""
    mine = rows.filter(page=page).exclude(state=OptInState.ERASED)
    zone = page.site.zone if page.site else timezone.get_default_timezone()
    names = names_in_use(mine)
    yield [header.columns(names)]
    for chunk in _chunks(mine):
        proofs = _proofs([row["pk"] for row in chunk])
        yield [_cells(row, names, proofs.get(row["pk"], {}), zone=zone, now=now) for row in chunk]


def names_in_use(rows: OptInQuerySet) -> list[str]:
    """The names of attributes that any of `rows` has, as far as an import takes such a name; sorted."""
    inner, parameters = rows.order_by().values("attributes").query.sql_with_params()
    each = {
        "postgresql": "jsonb_object_keys(rows.attributes) AS pairs(key)",
        "sqlite": "json_each(rows.attributes) pairs",
    }
    sql = f"SELECT DISTINCT pairs.key FROM ({inner}) rows, {each[connection.vendor]}"  # noqa: S608  (Django's own SQL)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return sorted(name for (name,) in cursor.fetchall() if re.fullmatch(NAME, name))


def _chunks(rows: OptInQuerySet) -> Iterator[list[Row]]:
    """By id, each chunk behind the last: no cursor stays open between them, and no transaction."""
    last = 0
    ordered = rows.order_by("pk").values(*FIELDS)
    while chunk := list(ordered.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1]["pk"]


def _proofs(pks: list[int]) -> dict[int, Row]:
    """What proves each agreement: the evidence of the newest event that gave it."""
    given = ConsentEvent.objects.filter(optin__in=pks, kind__in=GIVEN).order_by()
    newest = given.values("optin").annotate(newest=Max("pk")).values("newest")
    return dict(ConsentEvent.objects.filter(pk__in=newest).order_by().values_list("optin_id", "evidence"))


def _cells(row: Row, names: Iterable[str], proof: Row, *, zone: tzinfo, now: datetime) -> list[str]:
    attributes = row["attributes"]
    cells = [
        row["customer_id"],
        row["recipient__psid"] or "",
        _state(row, now),
        *(_moment(row[name], zone) for name in ("agreed_at", "expires_at", "ended_at")),
        row["purpose"],
        row["lifetime"],
        "yes" if row["used_up"] else "no",
        row["source"],
        json.dumps(proof, ensure_ascii=False) if proof else "",
        *(words_of(attributes.get(name)) or "" for name in names),
    ]
    return [header.guarded(cell) for cell in cells]


def _state(row: Row, now: datetime) -> str:
    """An expiry that has passed counts, written down or not."""
    over = row["state"] == OptInState.ACTIVE and row["expires_at"] and row["expires_at"] <= now
    return str(OptInState.EXPIRED.value if over else row["state"])


def _moment(at: datetime | None, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat() if at else ""


def _csv(lines: Iterable[list[str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue()
