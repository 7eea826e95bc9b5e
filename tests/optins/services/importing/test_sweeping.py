"""What a dead worker or a lost hint left undone, and what nobody wants any more."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from optins import hints
from optins.models import Import
from optins.services import importing
from optins.services.importing import sweeping
from optins.services.tidying import tidy
from optins.states import ImportState
from tests.factories import ImportFactory, PageFactory
from tests.optins.services.importing.files import checked, csv_of, stored

pytestmark = pytest.mark.django_db

ROW = "c-1,2026-03-04T09:30:00Z,,"


@pytest.fixture
def kicked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []
    monkeypatch.setattr(hints, "kick_import", lambda pk, *, offset=0: heard.append((pk, offset)))
    return heard


@pytest.mark.parametrize("state", [ImportState.CHECKING, ImportState.RUNNING])
def test_work_whose_lease_ran_out_is_taken_up(state: ImportState, kicked: list[tuple[int, int]]) -> None:
    now = timezone.now()
    nobodys = ImportFactory(state=state, offset=7)
    dead = ImportFactory(state=state, holder="dead", leased_until=now - timedelta(seconds=1))
    ImportFactory(state=state, holder="alive", leased_until=now + timedelta(seconds=20))
    ImportFactory(state=ImportState.CHECKED)

    tidy(now=now)

    assert sorted(kicked) == [(nobodys.pk, 7), (dead.pk, 0)]


def test_a_hint_that_waited_too_long_does_nothing() -> None:
    of = stored(PageFactory(), csv_of(ROW))
    Import.objects.filter(pk=of.pk).update(offset=3)

    importing.work(import_pk=of.pk, offset=0, now=timezone.now())

    of.refresh_from_db()
    assert (of.state, of.offset) == (ImportState.CHECKING, 3)


@pytest.mark.parametrize(("days", "state"), [(6, ImportState.CHECKED), (7, ImportState.DROPPED)])
def test_what_nobody_confirms_is_dropped(
    days: int, state: ImportState, django_capture_on_commit_callbacks: Any
) -> None:
    of = checked(PageFactory(), csv_of(ROW))
    path = Path(django_settings.DATA_DIR, of.file)

    with django_capture_on_commit_callbacks(execute=True):
        sweeping.sweep(now=of.created_at + timedelta(days=days))

    of.refresh_from_db()
    assert (of.state, path.exists()) == (state, state == ImportState.CHECKED)


def test_the_file_of_an_import_that_ended_in_a_crash_goes() -> None:
    of = checked(PageFactory(), csv_of(ROW))
    path = Path(django_settings.DATA_DIR, of.file)
    Import.objects.filter(pk=of.pk).update(state=ImportState.DONE)

    sweeping.sweep(now=timezone.now())

    of.refresh_from_db()
    assert (of.file, path.exists()) == ("", False)


def test_a_file_that_is_nobodys_goes_after_a_day() -> None:
    of = checked(PageFactory(), csv_of(ROW))
    folder = Path(django_settings.DATA_DIR, "imports")
    names = ["0" * 32 + ".csv", "1" * 32 + ".csv", "1" * 32 + ".seen"]
    for name in names:
        (folder / name).write_text("x")
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for name in (*names[1:], Path(of.file).name):
        os.utime(folder / name, (old, old))

    sweeping.sweep(now=timezone.now())

    left = {path.name for path in folder.glob("*.csv")}
    assert left == {names[0], Path(of.file).name}
    assert not (folder / names[2]).exists()
