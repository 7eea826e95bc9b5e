"""A file's whole way: stored, checked, confirmed, taken in; and what a person may say to it in between."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from optins.models import ConsentEvent, ConsentKind, Import, OptIn, Recipient, Refusal
from optins.services import importing
from optins.services.importing import CannotImport, Moved, slices, working
from optins.states import ImportState, Lifetime, OptInState, Purpose, Source
from optins.transfer.dates import Dates
from pages.models import AuditEntry
from tests.factories import ImportFactory, LinkedPageFactory, PageFactory, UserFactory
from tests.optins.services.importing.files import checked, counts, csv_of, done, refusals, stored, work

pytestmark = pytest.mark.django_db

ROWS = ("c-1,2026-03-04T09:30:00Z,7001,By phone", "c-2,2026-03-05 10:00,,", "c-3,tomorrow,,", ",2026-03-05,,")


def files() -> list[str]:
    return sorted(path.name for path in Path(settings.DATA_DIR, "imports").glob("*"))


def test_a_dry_run_counts_and_writes_nothing() -> None:
    of = checked(PageFactory(), csv_of(*ROWS))

    assert (of.state, of.error) == (ImportState.CHECKED, "")
    assert of.checked == {"fresh": 2, "renewed": 0, "known": 0, "refused": 2}
    assert refusals(of) == [(4, "agreed_form"), (5, "id_empty")]
    assert not OptIn.objects.exists()
    assert not Recipient.objects.exists()
    assert of.options["columns"] == ["customer_id", "agreed_at", "psid", "proof"]


def test_the_run_makes_opt_ins_with_their_proof() -> None:
    page, actor = LinkedPageFactory(), UserFactory()
    of = checked(page, csv_of(*ROWS), name="dir/people.csv")
    Import.objects.filter(pk=of.pk).update(created_by=actor)
    importing.confirm(of=of, actor=actor, now=timezone.now())
    work(of)

    assert (of.state, counts(of)) == (ImportState.DONE, {"fresh": 2, "refused": 2})
    first, second = OptIn.objects.order_by("customer_id")
    assert (first.customer_id, first.source, first.state) == ("c-1", Source.IMPORT, OptInState.ACTIVE)
    assert first.recipient is not None
    assert (first.recipient.psid, f"{first.agreed_at:%Y-%m-%d %H:%M}") == ("7001", "2026-03-04 09:30")
    assert (second.recipient, second.purpose, second.lifetime) == (None, Purpose.MARKETING, Lifetime.DURABLE)
    event = first.events.get()
    assert (event.kind, event.actor, event.recipient) == (ConsentKind.GRANTED, actor, first.recipient)
    assert event.evidence == {
        "source": "import",
        "import": of.pk,
        "file": "people.csv",
        "sha256": of.sha256,
        "line": 2,
        "agreed_at": "2026-03-04T09:30:00+00:00",
        "proof": "By phone",
    }
    assert second.events.get().evidence["proof"] == "The form in the shop"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "import.uploaded",
        "import.confirmed",
        "import.ended",
    ]


def test_nothing_of_the_file_stays_once_it_ended() -> None:
    of = done(PageFactory(), csv_of(*ROWS))

    assert of.file == ""
    assert files() == []


def test_the_report_of_the_run_is_its_own() -> None:
    page = PageFactory()
    of = checked(page, csv_of("c-1,2026-01-01,,", "c-2,bad,,", "c-3,2026-01-01,7001,"))
    # Meanwhile somebody else got the id.
    done(page, csv_of("c-3,2026-01-01,7002,"))
    importing.confirm(of=of, actor=None, now=timezone.now())
    work(of)

    assert refusals(of) == [(3, "agreed_form"), (4, "held")]
    assert counts(of) == {"fresh": 1, "refused": 2}
    assert of.checked["fresh"] == 2


def test_the_same_id_twice_in_a_file_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS", 2)
    of = done(PageFactory(), csv_of("c-1,2026-01-01,,", "c-1,2026-01-02,,", "c-2,2026-01-01,,", "c-1,2026-01-01,,"))

    assert refusals(of) == [(3, "repeated"), (5, "repeated")]
    assert list(Refusal.objects.values_list("detail", flat=True)) == ["2", "2"]
    assert OptIn.objects.count() == 2


def test_the_same_file_again_changes_nothing() -> None:
    page = PageFactory()
    done(page, csv_of(*ROWS))
    events = ConsentEvent.objects.count()

    assert counts(done(page, csv_of(*ROWS))) == {"known": 2, "refused": 2}
    assert ConsentEvent.objects.count() == events


def test_it_works_in_turns_and_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS", 3)
    monkeypatch.setattr(working, "TURN", 0.0)
    of = stored(
        PageFactory(),
        csv_of(*(f'c-{n},2026-01-01,,"two\nlines"' for n in range(10))),
    )
    offsets = []
    while of.state == ImportState.CHECKING:
        importing.work(import_pk=of.pk, now=timezone.now())
        of.refresh_from_db()
        offsets.append((of.offset, of.line))

    assert offsets == sorted(offsets)
    assert [line for _offset, line in offsets] == [7, 13, 19, 21, 21]
    assert of.checked["fresh"] == 10


def test_a_person_stops_it_and_lets_it_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS", 1)
    monkeypatch.setattr(working, "TURN", 0.0)
    page, now = PageFactory(), timezone.now()
    of = checked(page, csv_of("c-1,2026-01-01,,", "c-2,2026-01-01,,", "c-3,2026-01-01,,"))
    importing.confirm(of=of, actor=None, now=now)
    importing.work(import_pk=of.pk, now=now)
    importing.stop(of=of, actor=None, now=now)
    work(of)
    assert (of.state, OptIn.objects.count()) == (ImportState.STOPPED, 1)

    importing.go_on(of=of, actor=None, now=now)
    work(of)

    assert (of.state, counts(of)) == (ImportState.DONE, {"fresh": 3})


def test_a_dropped_import_leaves_no_file(django_capture_on_commit_callbacks: Any) -> None:
    of = checked(PageFactory(), csv_of(*ROWS))

    with django_capture_on_commit_callbacks(execute=True):
        importing.drop(of=of, actor=None, now=timezone.now())

    of.refresh_from_db()
    assert (of.state, of.file, files()) == (ImportState.DROPPED, "", [])


def test_who_comes_late_is_told() -> None:
    of = checked(PageFactory(), csv_of(*ROWS))
    importing.confirm(of=of, actor=None, now=timezone.now())

    for act in (importing.confirm, importing.go_on, importing.drop):
        with pytest.raises(Moved):
            act(of=of, actor=None, now=timezone.now())


def test_a_worker_whose_lease_is_gone_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    of = stored(PageFactory(), csv_of(*ROWS))
    real = slices.take

    def after_it_was_taken_over(**kwargs: Any) -> None:
        Import.objects.filter(pk=of.pk).update(holder="another")
        real(**kwargs)

    monkeypatch.setattr(working, "take", after_it_was_taken_over)
    importing.work(import_pk=of.pk, now=timezone.now())

    of.refresh_from_db()
    assert (of.state, of.holder, of.offset, refusals(of)) == (ImportState.CHECKING, "another", 0, [])


def test_of_two_workers_one_works() -> None:
    of = stored(PageFactory(), csv_of(*ROWS))
    Import.objects.filter(pk=of.pk).update(holder="another", leased_until=timezone.now() + timedelta(seconds=9))

    importing.work(import_pk=of.pk, now=timezone.now())

    of.refresh_from_db()
    assert (of.state, of.holder) == (ImportState.CHECKING, "another")


def test_lost_notes_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "ROWS", 2)
    monkeypatch.setattr(working, "TURN", 0.0)
    of = stored(PageFactory(), csv_of("c-1,2026-01-01,,", "c-2,2026-01-01,,", "c-1,2026-01-01,,"))
    importing.work(import_pk=of.pk, now=timezone.now())
    for path in Path(settings.DATA_DIR, "imports").glob("*.seen*"):
        path.write_bytes(b"nothing that SQLite reads, in a file that is as long as its header has to be" * 2)
    work(of)

    assert refusals(of) == [(4, "repeated")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"customer_id,agreed_at\n", "no_rows"),
        (b"id;when\na;b\n", "no_header"),
        (b'customer_id,agreed_at\na,"b\n', "quote_open"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, code: str) -> None:
    of = checked(PageFactory(), data)

    assert (of.state, of.error, of.file, files()) == (ImportState.UNREADABLE, code, "", [])


def test_a_file_that_is_gone_is_said_to_be_gone() -> None:
    of = ImportFactory(file="imports/nothing.csv")

    assert (work(of).state, of.error) == (ImportState.UNREADABLE, "gone")


@pytest.mark.parametrize(
    ("data", "more", "code"),
    [
        (b"", {}, "empty"),
        (b"PK\x03\x04", {}, "spreadsheet"),
        (b"a" * 101, {}, "too_big"),
        (b"a", {"proof": "x" * 2_001}, "proof_too_long"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_once(data: bytes, more: dict[str, str], code: str, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(CannotImport) as caught:
        stored(PageFactory(), data, **more)

    assert caught.value.code == code
    assert not Import.objects.exists()
    assert files() == []


def test_who_hangs_up_leaves_nothing() -> None:
    def chunks() -> object:
        yield b"customer_id"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        stored(PageFactory(), b"", chunks=chunks())
    assert files() == []


def test_what_excel_writes_is_read_and_said() -> None:
    of = done(
        PageFactory(),
        "ID client;Accord le;Note\r\nÉlodie;04/03/2026 09:30;Né à l’été\r\n".encode("cp1252"),
        dates=Dates.DAY_FIRST,
    )

    assert (of.state, of.options["encoding"], of.options["delimiter"]) == (ImportState.DONE, "windows-1252", ";")
    assert OptIn.objects.get().customer_id == "Élodie"


@pytest.mark.parametrize(
    ("name", "kept"), [("/tmp/a.csv", "a.csv"), ("a\0\x1b[2J.csv", "a��[2J.csv"), ("x" * 300, "x" * 255)]
)
def test_the_name_is_kept_as_it_can_be_shown(name: str, kept: str) -> None:
    assert stored(PageFactory(), csv_of(ROWS[0]), name=name).name == kept
