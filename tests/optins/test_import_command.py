"""Importing from the terminal: the dry run's report, the question, the import."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from optins.models import Import, OptIn
from optins.states import ImportState
from tests.factories import PageFactory

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = "customer_id,agreed_at,shoe\nc-1,2026-03-04T09:30:00Z,44\nc-2,tomorrow,\n"


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    path = tmp_path / "people.csv"
    path.write_text(ROWS)
    return path


def said(file: Path, **options: Any) -> str:
    out = io.StringIO()
    page = PageFactory()
    call_command("import_optins", file, stdout=out, **{"page": page.page_id, "proof": "The form", **options})
    return out.getvalue()


def test_it_says_what_came_in_and_why_the_rest_did_not(file: Path) -> None:
    words = said(file, yes=True)

    assert OptIn.objects.get().customer_id == "c-1"
    assert words.endswith("Imported.\n")
    assert "          1  New\n" in words
    assert "Columns that say nothing to us: shoe" in words
    assert "Line 3: “tomorrow” is no time that can be read." in words


def test_a_dry_run_imports_nothing_and_leaves_nothing(file: Path) -> None:
    assert said(file, dry_run=True).endswith("Nothing was imported.\n")

    assert not OptIn.objects.exists()
    assert Import.objects.get().state == ImportState.DROPPED
    assert list((file.parent / "imports").iterdir()) == []


@pytest.mark.parametrize(("answer", "count"), [("yes", 1), ("no", 0), ("", 0)])
def test_it_asks(file: Path, answer: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda: answer)

    assert "Type “yes” to import into Page" in said(file)
    assert OptIn.objects.count() == count


def test_nobody_to_answer_is_a_no(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    assert said(file).endswith("Nothing was imported.\n")


@pytest.mark.parametrize(
    ("options", "rows", "words"),
    [
        ({"page": "1"}, ROWS, "There is no page with the id 1"),
        ({}, "", "The file is empty."),
        ({}, "customer_id\nc-1\n", "agreed_at is missing"),
        ({"proof": "x" * 3_000}, ROWS, "Shorten the sentence of proof"),
    ],
)
def test_what_cannot_be_imported_is_said(file: Path, options: dict[str, str], rows: str, words: str) -> None:
    file.write_text(rows)

    with pytest.raises(CommandError, match=words):
        said(file, yes=True, **options)


def test_a_file_that_is_not_there_is_said(file: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        said(file.with_name("nothing.csv"), yes=True)
