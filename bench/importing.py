"""A file of opt-ins taken in, against the same agreements told one by one, and against COPY into a bare table."""

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from optins.models import Import, OptIn, Refusal
from optins.services import Agreement, agree_as, importing
from optins.services.importing import Upload
from optins.services.importing.sweeping import WORKING
from optins.states import ImportState, Source
from pages.models import Page

HEADER = "customer_id,psid,agreed_at,proof\n"
_BARE = """
CREATE TABLE bare (id bigserial PRIMARY KEY, customer_id text, psid text, agreed_at timestamptz, proof text)
"""
PROOF = "Told at the counter on form 12"


def _line(name: str, number: int) -> str:
    psid = 7_000_000_000_000_000 + number if number % 2 else ""
    return f"{name}-{number:07},{psid},2026-03-04T09:30:00Z,{PROOF}\n"


def _chunks(name: str, rows: int) -> Iterator[bytes]:
    yield HEADER.encode()
    for start in range(0, rows, 1_000):
        yield "".join(_line(name, number) for number in range(start, min(start + 1_000, rows))).encode()


def import_file(page: int, rows: int) -> dict[str, float]:
    """Seconds of the dry run and of the run, and the highest mark of this process's memory in MB after it."""
    upload = Upload(name="bench.csv", chunks=_chunks("imported", rows))
    of = importing.store(page=Page.objects.get(pk=page), upload=upload, actor=None, now=timezone.now())
    checked = _worked(of)
    importing.confirm(of=of, actor=None, now=timezone.now())
    ran = _worked(of)
    if (of.state, of.fresh) != (ImportState.DONE, rows):
        why = Refusal.objects.filter(of=of).values_list("line", "code", "detail").first()
        raise RuntimeError(f"{of.state} {of.error}: {of.fresh} of {rows}, {why}")
    return {"checked": checked, "ran": ran, "megabytes": _highest_mark()}


def _worked(of: Import) -> float:
    began = time.perf_counter()
    while of.state in WORKING:
        importing.work(import_pk=of.pk, now=timezone.now())
        of.refresh_from_db()
    return time.perf_counter() - began


def _highest_mark() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1_024


def agree_one_by_one(page: int, rows: int) -> float:
    """Seconds: as many calls of the service behind the API, without HTTP."""
    on, now = Page.objects.get(pk=page), timezone.now()
    began = time.perf_counter()
    for number in range(rows):
        agreement = Agreement(source=Source.API, evidence={"proof": PROOF})
        psid = str(8_000_000_000_000_000 + number) if number % 2 else None
        agree_as(psid=psid, page=on, customer_id=f"told-{number:07}", agreement=agreement, now=now)
    seconds = time.perf_counter() - began
    if OptIn.objects.filter(page=on, source=Source.API).count() != rows:
        raise RuntimeError("Not all of them agreed.")
    return seconds


def copy_plainly(rows: int) -> float:
    """Seconds: the same lines into a table with nothing but a primary key, judged by nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        began = time.perf_counter()
        with cursor.copy("COPY bare (customer_id, psid, agreed_at, proof) FROM STDIN (FORMAT csv, HEADER)") as copy:
            for chunk in _chunks("copied", rows):
                copy.write(chunk)
        seconds = time.perf_counter() - began
        cursor.execute("SELECT count(*) FROM bare")
        found = cursor.fetchone()
    if found != (rows,):
        raise RuntimeError(f"{found} of {rows}, on {settings.DATABASES['default']['ENGINE']}")
    return seconds
