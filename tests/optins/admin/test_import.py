"""Giving a file, watching it, and saying yes: what each state shows and lets be done."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from optins.admin.transfer import progress, report
from optins.models import Import, Refusal
from optins.states import ImportState
from optins.transfer.header import MARK
from optins.transfer.words import FILES, REFUSALS
from pages.models import AuditEntry, Page
from tests.factories import ImportFactory, LinkedPageFactory, OptInFactory
from tests.people import client_as, person
from tests.support.forms import read_errors

pytestmark = pytest.mark.django_db

ADD = reverse("admin:optins_import_add")
LIST = reverse("admin:optins_import_changelist")
S = ImportState
ROWS = b"customer_id,agreed_at\r\nFR-1,2026-03-14T18:05:00+01:00\r\n"


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


@pytest.fixture
def page() -> Page:
    found: Page = LinkedPageFactory()
    return found


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "imports"


def give(client: Client, page: Page, content: bytes = ROWS, name: str = "customers.csv", **fields: str) -> Any:
    told = {"page": str(page.pk), "proof": "Ticked the box", "dates": "iso", **fields}
    return client.post(ADD, {**told, "file": SimpleUploadedFile(name, content)})


def address(of: Import, act: str = "change") -> str:
    return reverse(f"admin:optins_import_{act}", args=[of.pk])


def refuse(of: Import, *lines: int, code: str = "id_empty", detail: str = "") -> None:
    rows = [Refusal(of=of, line=line, code=code, detail=detail, customer_id=f"c{line}") for line in lines]
    Refusal.objects.bulk_create(rows)


# --- Giving a file ------------------------------------------------------------------------------------------


def test_a_file_is_stored_and_is_about_to_be_checked(support: Client, page: Page, files: Path) -> None:
    answer = give(support, page)
    (made,) = Import.objects.all()
    assert answer.headers["Location"] == address(made)
    assert (made.page, made.name, made.state) == (page, "customers.csv", S.CHECKING)
    assert made.options["proof"] == "Ticked the box"
    assert [path.read_bytes() for path in files.iterdir()] == [ROWS]
    assert AuditEntry.objects.get().action == "import.uploaded"


def test_what_is_missing_is_said_at_its_field(support: Client) -> None:
    answer = support.post(ADD, {"proof": "", "dates": "iso"})
    assert read_errors(answer.text) == {"id_page": "Choose the page.", "id_file": "Choose the file."}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", FILES["empty"]), (b"PK\x03\x04" + b"\0" * 60, "CSV UTF-8"), (b"\x1f\x8b" + b"\0" * 60, "Unpack it")],
)
def test_what_is_no_csv_file_is_refused_at_once(
    support: Client, page: Page, files: Path, content: bytes, words: str
) -> None:
    answer = give(support, page, content)
    assert words in read_errors(answer.text)["id_file"]
    assert not Import.objects.exists()
    assert list(files.iterdir()) == []


def test_a_file_that_is_too_large_says_so_and_is_not_kept(
    support: Client, page: Page, settings: Settings, files: Path
) -> None:
    settings.IMPORT_MAX_BYTES = 1_000_000
    answer = give(support, page, b"x" * 1_000_001)
    assert "larger than 1 MB" in read_errors(answer.text)["id_file"]
    assert not files.exists()


def test_a_file_goes_to_the_disk_and_no_further_than_its_limit(
    support: Client, page: Page, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_MAX_BYTES = 100_000
    seen: list[int] = []
    close = TemporaryUploadedFile.close

    def closing(self: TemporaryUploadedFile) -> Any:
        if self.file and not self.file.closed:
            seen.append(Path(self.temporary_file_path()).stat().st_size)
        return close(self)

    monkeypatch.setattr(TemporaryUploadedFile, "close", closing)
    give(support, page, b"x" * 3_000_000)
    assert seen
    assert max(seen) <= 100_000 + 64 * 1024


def test_even_a_small_file_is_on_the_disk(support: Client, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type[Any]] = []

    def storing(*, upload: Any, **_options: Any) -> Import:
        seen.append(type(upload.chunks.gi_frame.f_locals["self"]))
        made: Import = ImportFactory()
        return made

    monkeypatch.setattr("optins.admin.transfer.imports.store", storing)
    give(support, page)
    assert seen == [TemporaryUploadedFile]


def test_the_forms_token_is_asked_for(page: Page) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(SUPPORT))
    assert give(client, page).status_code == 403
    assert not Import.objects.exists()


def test_who_may_not_import_is_not_even_read(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: Any) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr("optins.admin.transfer.imports.ToDisk.receive_data_chunk", never)
    assert give(client_as(MARKETING), page).status_code == 403


@pytest.mark.parametrize(("language", "dates", "between"), [("en", "iso", ","), ("fr", "day_first", ";")])
def test_the_readers_own_way_of_writing_is_offered(language: str, dates: str, between: str) -> None:
    client = client_as(ADMINISTRATORS)
    client.cookies["django_language"] = language
    assert client.get(ADD).context["form"]["dates"].value() == dates
    assert client.get(reverse("admin:optins_import_sample")).text.startswith(f"{MARK}customer_id{between}agreed_at")


# --- Its page -----------------------------------------------------------------------------------------------


def test_while_it_is_checked_it_shows_how_far_it_is(support: Client) -> None:
    of = ImportFactory(size=2_000, offset=500, fresh=1_234, leased_until=timezone.now() + timedelta(minutes=1))
    html = support.get(address(of)).text
    assert '<progress max="100" value="25"' in html
    assert "1,234 rows read" in html
    assert "Nothing is written yet" in html
    assert '<noscript><meta http-equiv="refresh"' in html


def test_what_waits_for_its_turn_says_so(support: Client) -> None:
    assert "It waits for its turn" in support.get(address(ImportFactory())).text


def test_after_the_dry_run_it_says_what_would_happen_and_asks(support: Client, page: Page) -> None:
    of = ImportFactory(page=page, state=S.CHECKED, fresh=9_000, renewed=214, known=310, refused=12)
    html = support.get(address(of)).text
    assert f"Import 9,214 opt-ins into the page “{page}”?" in html
    for count in ("9,000", "214", "310", "12"):
        assert f">{count}</dd>" in html
    assert f'action="{address(of, "confirm")}"' in html
    assert f'href="{address(of, "drop")}"' in html
    assert '<meta http-equiv="refresh"' not in html


def test_where_there_is_nothing_to_bring_in_nothing_is_asked(support: Client) -> None:
    of = ImportFactory(state=S.CHECKED, known=3, refused=1)
    html = support.get(address(of)).text
    assert "There is nothing to bring in" in html
    assert address(of, "confirm") not in html


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (S.CHECKING, {"drop"}),
        (S.CHECKED, {"confirm", "drop"}),
        (S.RUNNING, {"stop"}),
        (S.STOPPED, {"go-on", "drop"}),
        (S.DONE, set()),
        (S.DROPPED, set()),
        (S.UNREADABLE, set()),
    ],
)
def test_each_state_lets_be_done_what_makes_sense_in_it(support: Client, state: ImportState, acts: set[str]) -> None:
    of = ImportFactory(state=state, fresh=1, error="no_rows")
    html = support.get(address(of)).text
    assert {act for act in ("confirm", "stop", "go-on", "drop") if f'"{address(of, act)}"' in html} == acts
    assert str(S(state).label) in html


def test_who_may_only_look_is_offered_nothing(page: Page) -> None:
    client = client_as(MARKETING)
    assert client.get(address(ImportFactory(page=page))).status_code == 403


def test_a_file_that_can_not_be_read_says_why(support: Client) -> None:
    of = ImportFactory(state=S.UNREADABLE, error="no_header", error_params={"missing": "customer_id"})
    html = support.get(address(of)).text
    assert "The first row has to name the columns; customer_id is missing." in html
    assert f'href="{ADD}?page={of.page_id}"' in html


def test_what_came_in_leads_to_the_opt_ins(support: Client, page: Page) -> None:
    of = ImportFactory(page=page, state=S.DONE, fresh=1, ended_at=timezone.now())
    OptInFactory(page=page, customer_id="FR-1")
    answer = support.get(address(of))
    assert "1 opt-in came in." in answer.text
    url = answer.context["optins_url"]
    assert [str(row) for row in support.get(url).context["cl"].result_list] == ["FR-1"]


def test_the_facts_of_the_file_are_there(support: Client) -> None:
    options = {"proof": "Ticked <b>", "encoding": "cp1252", "ignored": ["Région"]}
    html = support.get(address(ImportFactory(size=1_500_000, options=options))).text
    for words in ("customers.csv", "1.5 MB", "Ticked &lt;b&gt;", "cp1252", "Région", "0" * 64):
        assert words in html


def test_an_import_that_is_not_there_is_said(support: Client) -> None:
    answer = support.get(reverse("admin:optins_import_change", args=[987]), follow=True)
    assert "There is no import with the number “987”" in answer.text


# --- What was refused ---------------------------------------------------------------------------------------


def test_each_reason_is_counted_with_its_first_rows(support: Client) -> None:
    of = ImportFactory(state=S.CHECKED, refused=5)
    refuse(of, 2, 3, 4, 5)
    refuse(of, 900, code="repeated", detail="7")
    html = support.get(address(of)).text
    assert html.index("There is no customer_id.") < html.index("The same customer_id stands in line 7 already.")
    for seen, hidden in (("c2", "c5"), ("c4", "c55"), ("c900", "c901")):
        assert f">{seen}<" in html
        assert f">{hidden}<" not in html


def test_a_reason_that_comes_late_in_the_file_has_its_row_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LOOKED_AT", 2)
    of = ImportFactory()
    refuse(of, *range(2, 20))
    refuse(of, 500, code="expired")
    reasons = report.reasons_of(of)
    assert [(each.count, [row.line for row in each.examples]) for each in reasons] == [(18, [2, 3]), (1, [500])]


def test_reasons_cost_the_same_however_many_rows_were_refused(support: Client) -> None:
    of = ImportFactory(state=S.DONE)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            support.get(address(of))
        return len(asked)

    refuse(of, 2)
    one = cost()
    refuse(of, *range(3, 60))
    assert cost() == one


def test_the_report_has_every_refused_row_in_the_order_of_the_file(
    support: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "CHUNK", 2)
    of = ImportFactory(state=S.DONE)
    refuse(of, 5, 3, 4)
    refuse(of, 2, code="psid", detail="=1+1")
    answer: Any = support.get(address(of, "report"))
    pieces = [piece.decode() for piece in answer.streaming_content]
    rows = list(csv.reader(io.StringIO("".join(pieces).removeprefix(MARK), newline="")))
    assert rows[0] == ["line", "customer_id", "reason", "code"]
    assert [row[0] for row in rows[1:]] == ["2", "3", "4", "5"]
    assert rows[1] == ["2", "c2", REFUSALS["psid"] % {"detail": "=1+1"}, "psid"]
    assert len(pieces) == 3
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="refused-')


def test_nothing_in_the_report_is_calculated(support: Client) -> None:
    of = ImportFactory(state=S.DONE)
    Refusal.objects.create(of=of, line=2, code="held", customer_id="=1+1")
    answer: Any = support.get(address(of, "report"))
    assert b",'=1+1," in b"".join(answer.streaming_content)


def test_a_code_of_a_later_version_is_shown_as_it_is(support: Client) -> None:
    of = ImportFactory(state=S.DONE)
    refuse(of, 2, code="of_tomorrow")
    assert "of_tomorrow" in support.get(address(of)).text


# --- Saying yes, and no -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "act", "after"),
    [
        (S.CHECKED, "confirm", S.RUNNING),
        (S.RUNNING, "stop", S.STOPPED),
        (S.STOPPED, "go-on", S.RUNNING),
        (S.CHECKED, "drop", S.DROPPED),
    ],
)
def test_an_act_moves_it_and_leads_back_with_a_word(
    support: Client, state: ImportState, act: str, after: ImportState
) -> None:
    of = ImportFactory(state=state)
    answer = support.post(address(of, act), follow=True)
    of.refresh_from_db()
    assert of.state == after
    assert answer.redirect_chain == [(address(of), 302)]
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize("act", ["confirm", "stop", "go-on"])
def test_a_look_moves_nothing(support: Client, act: str) -> None:
    of = ImportFactory(state=S.CHECKED)
    assert support.get(address(of, act)).headers["Location"] == address(of)
    assert Import.objects.get().state == S.CHECKED


def test_dropping_asks_first(support: Client) -> None:
    of = ImportFactory(state=S.STOPPED)
    html = support.get(address(of, "drop")).text
    assert "Drop the import of “customers.csv”?" in html
    assert "What came in before it was stopped stays." in html
    assert Import.objects.get().state == S.STOPPED


def test_who_comes_too_late_is_told(support: Client) -> None:
    of = ImportFactory(state=S.DROPPED)
    answer = support.post(address(of, "confirm"), follow=True)
    assert "The import is in another state now" in answer.text
    assert support.get(address(of, "drop")).headers["Location"] == address(of)


# --- The numbers, for the script ----------------------------------------------------------------------------


def test_the_time_that_is_left_follows_from_what_was_seen() -> None:
    now = timezone.now()
    of = ImportFactory(size=10_000, offset=4_000)
    seen = progress.Sample(at=now - timedelta(seconds=10), offset=3_000)
    assert progress.pace_words(of, now=now, sample=seen) == "about 60 seconds left"


def test_the_script_brings_what_it_saw_and_is_told_how_long_it_takes(support: Client) -> None:
    now = timezone.now()
    of = ImportFactory(size=10_000, offset=4_000, fresh=40)
    sample = {"at": str((now - timedelta(hours=1)).timestamp()), "offset": "3000"}
    news = support.get(address(of, "progress"), sample).json()
    assert (news["percent"], news["rows"], news["final"], news["offset"]) == (40, "40 rows read", False, 4_000)
    assert news["pace"] == "about 6 hours left"


@pytest.mark.parametrize(
    "sample", [{}, {"at": "x", "offset": "1"}, {"at": "1", "offset": ""}, {"at": "1e99", "offset": "1"}, {"at": "nan"}]
)
def test_without_a_sample_nothing_is_foretold(support: Client, sample: dict[str, str]) -> None:
    of = ImportFactory(offset=400, leased_until=timezone.now() + timedelta(minutes=1))
    assert support.get(address(of, "progress"), sample).json()["pace"] == ""


def test_too_short_a_sample_foretells_nothing(support: Client) -> None:
    now = timezone.now()
    of = ImportFactory(offset=400, leased_until=now + timedelta(minutes=1))
    sample = {"at": str((now - timedelta(seconds=1)).timestamp()), "offset": "1"}
    assert support.get(address(of, "progress"), sample).json()["pace"] == ""


def test_it_is_not_at_the_end_before_it_is_over(support: Client) -> None:
    of = ImportFactory(offset=1_000, size=1_000)
    assert support.get(address(of, "progress")).json()["percent"] == 99
    done = support.get(address(ImportFactory(state=S.DONE), "progress")).json()
    assert (done["percent"], done["final"]) == (100, True)


# --- The list -----------------------------------------------------------------------------------------------


def test_the_list_says_what_it_is_for_before_there_is_anything(support: Client) -> None:
    html = support.get(LIST).text
    assert "No file was imported yet." in html
    assert html.count(f'href="{ADD}"') >= 1
    assert "Import a file" in html


def test_the_list_shows_the_state_and_the_counts_that_there_are(support: Client) -> None:
    of = ImportFactory(state=S.DONE, fresh=1_000, refused=2)
    html = support.get(LIST).text
    assert "New 1,000 · Refused 2" in html
    assert f'href="{address(of)}' in html


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three(support: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            support.get(LIST)
        return len(asked)

    for _ in range(3):
        ImportFactory()
    support.get(LIST)
    few = cost()
    for _ in range(27):
        ImportFactory()
    assert cost() == few


def test_the_opt_ins_lead_to_the_import(support: Client) -> None:
    assert f'href="{ADD}"' in support.get(reverse("admin:optins_optin_changelist")).text
