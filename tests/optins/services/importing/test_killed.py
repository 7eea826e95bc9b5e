"""A worker is killed again and again in the middle of its work; in the end each row counted once."""

import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from optins.models import ConsentEvent, Import, OptIn, Recipient, Refusal
from optins.services import importing
from optins.states import ImportState
from pages.models import Page
from tests.factories import LinkedPageFactory
from tests.optins.services.importing.files import counts, csv_of, stored, work
from tests.support.databases import database_url
from tests.support.processes import Running, environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 3_000
# Every hundredth is refused, and every seventh names a person.
WORKER = """
import sys, django
django.setup()
from django.utils import timezone
from optins.services import importing
from optins.services.importing import working
working.ROWS = 100
while True:
    importing.work(import_pk=int(sys.argv[1]), now=timezone.now())
"""


def row(number: int) -> str:
    at = "" if number % 100 == 0 else "2026-03-04T09:30:00Z"
    return f"c-{number},{at},{7_000 + number if number % 7 == 0 else ''},"


def kill_again_and_again(of: Import, state: ImportState, folder: Path) -> int:
    """Each worker is killed some hundred rows behind where it began; returns how many were."""
    env = environment(
        DATABASE_URL=database_url(),
        DATA_DIR=str(folder),
        LEASE_SECONDS="1",
        DJANGO_SETTINGS_MODULE="messenger_admin.settings",
    )
    killed = 0
    while killed < 4:
        of.refresh_from_db()
        worker = Running([sys.executable, "-c", WORKER, str(of.pk)], env)
        kill_when_it_has_moved(worker, of, state, later=0.003 * killed)
        assert worker.process.returncode == -signal.SIGKILL, worker.said
        killed += 1
        if of.state != state:
            break
        time.sleep(1.1)  # until its lease is over
    return killed


def kill_when_it_has_moved(worker: Running, of: Import, state: ImportState, *, later: float) -> None:
    began = of.offset
    try:
        wait_for(lambda: moved(of, began, state) or worker.process.poll() is not None, "a slice")
        time.sleep(later)
    finally:
        worker.send(signal.SIGKILL)
        worker.process.wait()


def moved(of: Import, began: int, state: ImportState) -> bool:
    of.refresh_from_db()
    return of.offset > began or of.state != state


@pytest.mark.parametrize("phase", [ImportState.CHECKING, ImportState.RUNNING])
def test_no_row_is_lost_and_none_counts_twice(phase: ImportState, settings: Any, tmp_path: Path) -> None:
    page: Page = LinkedPageFactory()
    of = stored(page, csv_of(*(row(number) for number in range(ROWS))))
    if phase is ImportState.RUNNING:
        work(of)
        importing.confirm(of=of, actor=None, now=timezone.now())

    assert kill_again_and_again(of, phase, tmp_path) >= 2
    work(of)
    if phase is ImportState.CHECKING:
        assert (of.state, OptIn.objects.count()) == (ImportState.CHECKED, 0)
        assert of.checked == {"fresh": 2_970, "renewed": 0, "known": 0, "refused": 30}
        importing.confirm(of=of, actor=None, now=timezone.now())
        work(of)

    assert (of.state, counts(of)) == (ImportState.DONE, {"fresh": 2_970, "refused": 30})
    assert OptIn.objects.count() == ConsentEvent.objects.count() == 2_970
    assert ConsentEvent.objects.values("optin").distinct().count() == 2_970
    assert Recipient.objects.count() == len([n for n in range(ROWS) if n % 7 == 0 and n % 100])
    assert list(Refusal.objects.order_by("line").values_list("line", flat=True)) == list(range(2, ROWS + 2, 100))
