"""A page's opt-ins as a file: every row once, in flat memory, nothing calculated, and written down who took it."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from optins.models import OptIn
from optins.services import Agreement, agree, erase, exporting, revoke
from optins.services.exporting import Chosen, export, names_in_use
from optins.states import Lifetime, OptInState, Purpose, Source
from optins.transfer import header
from pages.models import AuditEntry, Page
from tests.factories import LinkedPageFactory, OptInFactory, RecipientFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def pieces(page: Page, **options: Any) -> Iterator[str]:
    """Of all, unless `rows`, `noted` or `delimiter` say otherwise."""
    actor = options.pop("actor", None)
    chosen = Chosen(**{"rows": OptIn.objects.all(), **options})
    return export(page=page, chosen=chosen, actor=actor, now=timezone.now())


def rows_of(page: Page, **options: Any) -> list[dict[str, str]]:
    text = "".join(pieces(page, **options)).removeprefix(header.MARK)
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def page() -> Page:
    found: Page = LinkedPageFactory()
    return found


def test_an_empty_page_gives_the_columns_alone(page: Page) -> None:
    assert "".join(pieces(page)) == "\ufeff" + ",".join(header.COLUMNS) + "\r\n"


def test_a_row_says_all_of_an_agreement(page: Page) -> None:
    recipient = RecipientFactory(page=page, psid="7012345")
    agreement = Agreement(
        source=Source.API,
        recipient=recipient,
        purpose=Purpose.TRANSACTIONAL,
        lifetime=Lifetime.TEMPORARY,
        used_up=True,
        expires_at=datetime(2031, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        evidence={"note": "Zoé, au téléphone"},
    )
    at = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    optin = agree(page=page, customer_id="FR-1", agreement=agreement, now=at)
    OptIn.objects.filter(pk=optin.pk).update(attributes={"first_name": "Zoé", "points": 3})
    (row,) = rows_of(page)
    assert json.loads(row.pop("proof")) == {"source": "api", "note": "Zoé, au téléphone"}
    assert row == {
        "customer_id": "FR-1",
        "psid": "7012345",
        "state": "active",
        "agreed_at": "2026-07-01T12:00:00+02:00",
        "expires_at": "2031-01-02T04:04:05.000678+01:00",
        "ended_at": "",
        "purpose": "transactional",
        "lifetime": "temporary",
        "used_up": "yes",
        "source": "api",
        "attribute.first_name": "Zoé",
        "attribute.points": "3",
    }


def test_the_proof_is_that_of_the_newest_agreement(page: Page) -> None:
    for note in ("first", "second"):
        given = Agreement(source=Source.STAFF, evidence={"note": note})
        optin = agree(page=page, customer_id="FR-1", agreement=given, now=timezone.now())
    revoke(optin=optin, actor=None, now=timezone.now(), evidence={"note": "no proof"})
    (row,) = rows_of(page)
    assert json.loads(row["proof"])["note"] == "second"
    assert (row["state"], bool(row["ended_at"])) == ("revoked", True)


def test_an_agreement_whose_time_is_over_is_expired(page: Page) -> None:
    OptInFactory(page=page, expires_at=NOW - timedelta(seconds=1))
    assert [row["state"] for row in rows_of(page)] == ["expired"]


def test_nobody_who_was_erased_is_in_it(page: Page) -> None:
    OptInFactory(page=page, customer_id="stays")
    erase(optin=OptInFactory(page=page, customer_id="goes"), actor=None, now=timezone.now())
    assert [row["customer_id"] for row in rows_of(page)] == ["stays"]


def test_it_is_this_page_and_what_was_chosen(page: Page) -> None:
    OptInFactory(page=page, customer_id="order-1")
    OptInFactory(page=page, customer_id="FR-1")
    OptInFactory(customer_id="order-2")
    assert [row["customer_id"] for row in rows_of(page, rows=OptIn.objects.with_prefix("order-"))] == ["order-1"]


def test_every_row_is_there_once_in_the_order_in_which_they_came(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 3)
    ids = [OptInFactory(page=page).customer_id for _ in range(10)]
    assert [row["customer_id"] for row in rows_of(page, rows=OptIn.objects.order_by("-agreed_at"))] == ids


def test_a_row_that_goes_meanwhile_takes_no_other_with_it(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    ids = [OptInFactory(page=page).customer_id for _ in range(6)]
    parts = pieces(page)
    text = next(parts) + next(parts)
    OptIn.objects.filter(customer_id=ids[0]).delete()
    text += "".join(parts)
    assert [line.partition(",")[0] for line in text.splitlines()[1:]] == ids


def test_a_chunk_costs_as_many_queries_as_a_row(page: Page) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            rows_of(page)
        return len(asked)

    OptInFactory(page=page)
    one = cost()
    for _ in range(30):
        OptInFactory(page=page)
    assert cost() == one


def test_semicolons_for_those_whose_spreadsheet_wants_them(page: Page) -> None:
    OptInFactory(page=page, customer_id="a;b,c")
    text = "".join(pieces(page, delimiter=";"))
    assert text.splitlines()[1].startswith('"a;b,c";;active;')


def test_no_cell_is_calculated(page: Page) -> None:
    OptInFactory(page=page, customer_id="=1+1", attributes={"first_name": "@SUM(A1)", "note": "-1"})
    (row,) = rows_of(page)
    assert (row["customer_id"], row["attribute.first_name"], row["attribute.note"]) == ("'=1+1", "'@SUM(A1)", "'-1")


def test_cells_with_commas_quotes_and_line_breaks_stay_whole(page: Page) -> None:
    words = 'a, "b"\nc; d\r\ne'
    OptInFactory(page=page, attributes={"note": words})
    assert [row["attribute.note"] for row in rows_of(page)] == [words]


def test_names_are_those_in_use_that_an_import_would_take(page: Page) -> None:
    OptInFactory(page=page, attributes={"size": "M", "Old Name": "x"})
    OptInFactory(page=page, attributes={"city": "Nantes"})
    OptInFactory(attributes={"elsewhere": "x"})
    assert names_in_use(OptIn.objects.filter(page=page)) == ["city", "size"]


def test_who_took_how_many_of_which_page_is_kept(page: Page) -> None:
    actor = UserFactory()
    for _ in range(3):
        OptInFactory(page=page)
    rows_of(page, actor=actor, noted={"state": "active"})
    began, ended = AuditEntry.objects.order_by("pk")
    assert (began.action, began.detail, began.actor) == ("optin.export_began", {"state": "active"}, actor)
    assert (ended.action, ended.detail, ended.actor) == ("optin.exported", {"rows": 3, "whole": True}, actor)
    assert began.subject == ended.subject == f"pages.page:{page.pk}"


def test_an_export_that_broke_off_says_how_much_left(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for _ in range(6):
        OptInFactory(page=page)
    parts = pieces(page)
    next(parts), next(parts)
    parts.close()  # type: ignore[attr-defined]
    assert AuditEntry.objects.latest("pk").detail == {"rows": 2, "whole": False}


def test_one_that_broke_off_behind_the_header_has_no_rows(page: Page) -> None:
    parts = pieces(page)
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    assert AuditEntry.objects.latest("pk").detail == {"rows": 0, "whole": False}


def test_that_it_began_is_kept_before_anything_leaves(page: Page) -> None:
    pieces(page)
    assert AuditEntry.objects.get().action == "optin.export_began"


def command(*arguments: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("export_optins", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue().removeprefix(header.MARK), newline="")))


def test_the_command_writes_the_page_that_it_is_told(page: Page) -> None:
    OptInFactory(page=page, customer_id="FR-1")
    OptInFactory(page=page, customer_id="FR-2", state=OptInState.REVOKED)
    OptInFactory(page=page, customer_id="DE-1")
    OptInFactory(customer_id="FR-3")
    assert [row["customer_id"] for row in command("--page", page.page_id)] == ["FR-1", "FR-2", "DE-1"]
    narrowed = command("--page", page.page_id, "--state", "active", "--beginning", "FR-")
    assert [row["customer_id"] for row in narrowed] == ["FR-1"]
    assert AuditEntry.objects.filter(action="optin.export_began").latest("pk").detail == {
        "state": "active",
        "searched": True,
    }


@pytest.mark.parametrize("arguments", [("--page", "1"), ("--page", "1", "--state", "erased"), ()])
def test_the_command_refuses_what_it_can_not_write(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        command(*arguments)
