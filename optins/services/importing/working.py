"""A worker's turn at an import: a lease, slices of rows until the turn is over, and a hint for the next one."""

import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from optins import hints
from optins.models import Import
from optins.services.importing import seen
from optins.services.importing.seen import Seen
from optins.services.importing.slices import LeaseLost, Slice, lease_end, take
from optins.services.importing.steps import remove_file
from optins.states import ImportState
from optins.transfer import rows
from optins.transfer.columns import Unreadable
from optins.transfer.dates import Dates
from optins.transfer.reading import Header, Record, header_of, rows_after
from optins.transfer.rows import Reading, Row, RowRefused
from pages import audit

WORKING = (ImportState.CHECKING, ImportState.RUNNING)
# Rows in one transaction.
ROWS = 1_000
# Seconds after which a long import makes room for other work in its worker.
TURN = 3.0
# Times that a slice is tried which is in the way of somebody else, and how long it steps aside, in seconds.
TRIES, ASIDE = 50, 0.1


def work(*, import_pk: int, offset: int | None = None, now: datetime) -> None:
    """Harmless to call any number of times, anywhere, at once: of two at once one works.

    With an `offset`, nothing is done by whoever comes when the import has come further.
    """
    of = _leased(import_pk, Q() if offset is None else Q(offset=offset))
    if of is None:
        return
    holder = of.holder
    try:
        _take_turn(of, now)
    except Unreadable as error:
        _give_up(of, error, now)
    except LeaseLost:
        return
    finally:
        Import.objects.filter(pk=of.pk, holder=holder).update(holder="", leased_until=None)
    reached = Import.objects.filter(pk=of.pk, state__in=WORKING).values_list("offset", flat=True).first()
    if reached is not None:
        hints.kick_import(of.pk, offset=reached)


def _leased(import_pk: int, there: Q) -> Import | None:
    holder = secrets.token_hex(16)
    free = Q(leased_until=None) | Q(leased_until__lte=Now())
    waiting = Import.objects.filter(free, there, pk=import_pk, state__in=WORKING)
    with transaction.atomic():
        # Whoever froze in the middle of a slice keeps its lock: waiting for it would hold up this worker as well.
        if not waiting.select_for_update(skip_locked=True).exists():
            return None
        if not waiting.update(holder=holder, leased_until=lease_end()):
            return None
    return Import.objects.filter(pk=import_pk, holder=holder).select_related("page").defer("page__token").first()


def _take_turn(of: Import, now: datetime) -> None:
    path = Path(settings.DATA_DIR, of.file)
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise Unreadable("gone") from None
    with file, seen.beside(path) as notes:
        header = header_of(file)
        how = _reading(of, header, now)
        if notes.reached < of.line:
            _note_again(of, file, how, header, notes)
        ends_at = time.monotonic() + TURN
        for part in _slices(of, file, how, header, notes):
            _take(of, part, now)
            if time.monotonic() > ends_at:
                return
    _end(of, header, now)


def _reading(of: Import, header: Header, now: datetime) -> Reading:
    site = of.page.site
    return Reading(
        columns=header.columns,
        zone=site.zone if site else timezone.get_default_timezone(),
        dates=Dates(of.options.get("dates", Dates.ISO)),
        proof=of.options.get("proof", ""),
        now=now,
    )


def _slices(of: Import, file: BinaryIO, how: Reading, header: Header, notes: Seen) -> Iterator[Slice]:
    records = rows_after(file, header, offset=of.offset, line=of.line)
    after = of.line
    while batch := list(islice(records, ROWS)):
        yield _slice(after, batch, how, notes)
        after = batch[-1].last


def _slice(after: int, batch: list[Record], how: Reading, notes: Seen) -> Slice:
    parsed, refused = _parse(batch, how)
    first = notes.first_lines([(row.customer_id, row.line) for row in parsed], up_to=batch[-1].last)
    taken = []
    for row in parsed:
        if first[row.customer_id] < row.line:
            line = str(first[row.customer_id])
            refused.append((row.line, RowRefused("repeated", line, customer_id=row.customer_id)))
        else:
            taken.append(row)
    return Slice(after=after, line=batch[-1].last, end=batch[-1].end, rows=taken, refused=refused)


def _parse(batch: list[Record], how: Reading) -> tuple[list[Row], list[tuple[int, RowRefused]]]:
    taken, refused = list[Row](), list[tuple[int, RowRefused]]()
    for record in batch:
        try:
            taken.append(rows.parse(record, how))
        except RowRefused as why:
            refused.append((record.line, why))
    return taken, refused


def _note_again(of: Import, file: BinaryIO, how: Reading, header: Header, notes: Seen) -> None:
    """The notes were lost with their disk, or with the last moments before a power cut."""
    records = rows_after(file, header, offset=0, line=0)
    while batch := [each for each in islice(records, ROWS) if each.last <= of.line]:
        parsed, _refused = _parse(batch, how)
        notes.first_lines([(row.customer_id, row.line) for row in parsed], up_to=batch[-1].last)


def _take(of: Import, part: Slice, now: datetime) -> None:
    """Again, where somebody else brought one of the customers, or holds them: their word counts first."""
    for left in reversed(range(TRIES)):
        try:
            take(of=of, part=part, holder=of.holder, now=now)
        except (IntegrityError, OperationalError):
            if not left:
                raise
            time.sleep(ASIDE)
        else:
            return


def _end(of: Import, header: Header, now: datetime) -> None:
    of.refresh_from_db(fields=["fresh", "renewed", "known", "refused"])
    if not of.rows:
        raise Unreadable("no_rows")
    counts = {"fresh": of.fresh, "renewed": of.renewed, "known": of.known, "refused": of.refused}
    mine = Import.objects.filter(pk=of.pk, holder=of.holder, state=of.state)
    if of.state == ImportState.CHECKING:
        found = {
            "delimiter": header.delimiter,
            "columns": [*header.columns.places, *(f"attribute.{name}" for name in header.columns.attributes)],
            "ignored": list(header.columns.ignored),
        }
        mine.move(ImportState.CHECKED, checked=counts, offset=of.size, options={**of.options, **found})
        return
    with transaction.atomic():
        if not mine.move(ImportState.DONE, offset=of.size, ended_at=now):
            raise LeaseLost
        audit.record(actor=None, action="import.ended", subject=of, **counts)
    remove_file(of)


def _give_up(of: Import, error: Unreadable, now: datetime) -> None:
    mine = Import.objects.filter(pk=of.pk, holder=of.holder, state=of.state)
    if mine.move(ImportState.UNREADABLE, error=error.code, error_params=error.params, ended_at=now):
        remove_file(of)
