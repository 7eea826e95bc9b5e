"""A slice of rows in one transaction: the cursor, the counts, the refusals, and in the run what the rows bring.

Either all of it is committed or nothing is. So whoever is killed here lost nothing, and whoever goes on behind the
cursor takes nothing twice.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from optins.models import Import, Refusal
from optins.services import suppressing
from optins.services.importing.gathering import gather
from optins.services.importing.judging import Kind, Verdict, judge
from optins.services.importing.writing import write
from optins.states import ImportState
from optins.transfer.rows import Row, RowRefused
from pages.masking import mask
from pages.models import Page

# A small part of the second after which PostgreSQL looks for a deadlock: of two in each other's way it gives way.
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '100ms'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Rows between the lines `after` and `line`, and the byte behind the last. `refused` by line."""

    after: int
    line: int
    end: int
    rows: Sequence[Row]
    refused: Sequence[tuple[int, RowRefused]]


class LeaseLost(Exception):
    """Another worker goes on with the import, or a person stopped it."""


def take(*, of: Import, part: Slice, holder: str, now: datetime) -> None:
    """Moves `of` on behind the slice. Raises LeaseLost, and OperationalError where others hold the rows."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_LOCK_TIMEOUT)
        _advance(of, part, holder)
        known = gather(page=of.page, rows=part.rows, locked=of.state == ImportState.RUNNING, now=now)
        verdicts = [judge(row, known) for row in part.rows]
        if of.state == ImportState.RUNNING:
            write(of=of, verdicts=verdicts, known=known, now=now)
        _report(of, part, verdicts)
        _count(of, part, verdicts)
    of.offset, of.line = part.end, part.line


def _advance(of: Import, part: Slice, holder: str) -> None:
    mine = Import.objects.filter(pk=of.pk, holder=holder, offset=of.offset, state=of.state)
    if not mine.update(offset=part.end, line=part.line, leased_until=lease_end()):
        raise LeaseLost


def lease_end() -> Combinable:
    """By the database's clock, which all workers share."""
    seconds = timedelta(seconds=settings.LEASE_SECONDS)
    return ExpressionWrapper(Now() + seconds, output_field=DateTimeField())


def wait_for_slices(*, page: Page) -> None:
    """Returns once every slice that was being written for the page is committed; each later one sees what is now."""
    running = Import.objects.filter(page=page, state=ImportState.RUNNING).order_by("pk")
    with transaction.atomic():
        list(running.select_for_update().values_list("pk"))


def _report(of: Import, part: Slice, verdicts: Sequence[Verdict]) -> None:
    """In the place of what the dry run said of the same lines."""
    refusals = [
        Refusal(of=of, line=line, code=each.code, customer_id=each.customer_id, detail=each.detail)
        for line, each in part.refused
    ]
    refusals += [
        Refusal(of=of, line=each.row.line, code=each.code, customer_id=each.row.customer_id, detail=each.detail[:300])
        for each in verdicts
        if each.kind is Kind.REFUSED
    ]
    _unname(of, refusals)
    Refusal.objects.filter(of=of, line__gt=part.after, line__lte=part.line).delete()
    Refusal.objects.bulk_create(refusals)


def _unname(of: Import, refusals: Sequence[Refusal]) -> None:
    """Of an erased customer the report has the line alone, whatever else is wrong with it."""
    stored = {each.customer_id: unicodedata.normalize("NFC", each.customer_id).strip() for each in refusals}
    away = suppressing.suppressed_among(page=of.page, customer_ids=set(stored.values()))
    for each in refusals:
        if each.code == "erased" or stored[each.customer_id] in away:
            each.detail = mask(each.detail, each.customer_id) if each.customer_id else each.detail
            each.customer_id = ""


def _count(of: Import, part: Slice, verdicts: Sequence[Verdict]) -> None:
    counts = Counter(each.kind.value for each in verdicts)
    counts[Kind.REFUSED.value] += len(part.refused)
    Import.objects.filter(pk=of.pk).update(**{name: F(name) + more for name, more in counts.items()})
