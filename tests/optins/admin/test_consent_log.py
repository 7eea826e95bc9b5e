"""Narrowing the consent log, and taking it away as a file."""

import csv
import io
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import MARKETING, SUPPORT
from optins.models import ConsentEvent, ConsentKind
from pages.models import AuditEntry, Page, Site
from pages.services.links import move_page
from tests.factories import LinkedPageFactory, OptInFactory, SiteFactory, UserFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

LIST = reverse("admin:optins_consentevent_changelist")
FILE = reverse("admin:optins_consentevent_file")
NOW = timezone.now()
TOKYO = ZoneInfo("Asia/Tokyo")


def happened(*, page: Page | None = None, at: datetime = NOW, customer_id: str = "c-1", **more: object) -> ConsentEvent:
    optin = OptInFactory(page=page or LinkedPageFactory(), customer_id=customer_id)
    return ConsentEvent.objects.create(**{"optin": optin, "kind": ConsentKind.GRANTED, "at": at, **more})


def listed(**query: str | int) -> list[ConsentEvent]:
    return list(client_as(SUPPORT).get(LIST, query).context["cl"].result_list)


def taken(**query: str | int) -> list[dict[str, str]]:
    response = client_as(SUPPORT).post(f"{LIST}file/", query_params=query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_by_page() -> None:
    wanted, _other = happened(), happened()
    assert listed(page=wanted.optin.page_id) == [wanted]


def test_by_the_site_that_the_page_belonged_to_then() -> None:
    page = LinkedPageFactory()
    first, second = page.site, SiteFactory()
    assert first
    page.links.update(opened_at=NOW - timedelta(days=9))
    before = happened(page=page, at=NOW - timedelta(days=3), customer_id="a")
    move_page(page=page, site=second, actor=UserFactory(), now=NOW - timedelta(days=2))
    after = happened(page=page, at=NOW - timedelta(days=1), customer_id="b")

    assert listed(site=first.pk) == [before]
    assert listed(site=second.pk) == [after]


def test_by_day_on_the_clock_of_the_site() -> None:
    page = LinkedPageFactory()
    Site.objects.update(timezone="Asia/Tokyo")
    early = happened(page=page, at=datetime(2026, 11, 20, 0, 5, tzinfo=TOKYO), customer_id="a")
    happened(page=page, at=datetime(2026, 11, 19, 23, 55, tzinfo=TOKYO), customer_id="b")
    happened(page=page, at=datetime(2026, 11, 21, 0, 0, tzinfo=TOKYO), customer_id="c")

    assert listed(page=page.pk, day_from="2026-11-20", day_to="2026-11-20") == [early]


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "9" * 40}, {"site": "0x1"}, {"kind": "nonsense"}])
def test_what_names_nothing_finds_nothing(query: dict[str, str]) -> None:
    happened()
    assert listed(**query) == []


@pytest.mark.parametrize("day", ["2026-13-45", "yesterday", "9999-12-31"])
def test_what_is_no_day_narrows_nothing(day: str) -> None:
    event = happened()
    assert listed(day_to=day) == [event]


def test_the_file_has_what_the_list_was_narrowed_to_the_oldest_first() -> None:
    page = LinkedPageFactory()
    first = happened(page=page, customer_id="c-1", evidence={"note": "à la caisse"})
    second = happened(page=page, customer_id="c-2", kind=ConsentKind.REVOKED)
    happened(customer_id="d-1")

    rows = taken(page=page.pk, q="c-")

    assert [row["id"] for row in rows] == [str(first.pk), str(second.pk)]
    assert (rows[0]["customer_id"], rows[0]["event"], rows[0]["page_id"]) == ("c-1", "granted", page.page_id)
    assert json.loads(rows[0]["evidence"]) == {"note": "à la caisse"}
    assert datetime.fromisoformat(rows[0]["at"]) == first.at


def test_no_cell_is_calculated() -> None:
    happened(customer_id="=1+1")
    assert taken()[0]["customer_id"] == "'=1+1"


def test_a_long_log_costs_a_query_for_each_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optins.services.proving.CHUNK", 2)
    page = LinkedPageFactory()
    events = [happened(page=page, customer_id=f"c-{number}") for number in range(5)]
    assert [row["id"] for row in taken()] == [str(event.pk) for event in events]


def test_whoever_takes_it_is_written_down_without_the_ids_that_were_asked_for() -> None:
    happened()
    taken(q="c-1")

    entry = AuditEntry.objects.get(action="consent.exported")
    assert entry.actor is not None
    assert entry.detail == {"narrowed_by": ["q"]}


def test_marketing_takes_nothing() -> None:
    assert client_as(MARKETING).post(FILE).status_code == 403
