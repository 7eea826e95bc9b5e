"""The screen and the command that say how long data of people is kept."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.admin import retention
from messenger_admin.management.commands import enforce_retention
from messenger_admin.roles import ADMINISTRATORS
from notifications.services.retention import enforcing
from notifications.services.retention.kinds import KINDS
from optins.models import TagFinding
from pages.models import RetentionRun
from pages.retention import running
from pages.retention.kind import Kind, Step
from tests.notifications.services.retention.rows import ROWS
from tests.people import client_as

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def client() -> Client:
    return client_as(ADMINISTRATORS)


def text_of(client: Client) -> str:
    return " ".join(client.get(reverse("admin:retention")).content.decode().split())


def row(name: str) -> retention.Row:
    index = [kind.name for kind in KINDS].index(name)
    return retention.rows(now=NOW, most=9)[index]


def old(name: str, count: int = 1) -> None:
    for _number in range(count):
        ROWS[name][0](NOW - timedelta(days=4_000))


def test_each_kind_is_shown_with_its_setting(client: Client) -> None:
    text = text_of(client)

    named = re.findall(r'<code class="rt-setting" translate="no">(\w+)</code>', text)
    assert named == [kind.setting for kind in KINDS if kind.setting]
    assert all(html.escape(str(kind.words)) in text for kind in KINDS)
    assert "1,826 days (5 years)" in text


def test_what_is_due_is_counted_and_the_oldest_named() -> None:
    old("findings", 2)

    shown = row("findings")

    assert (shown.due, shown.oldest) == ("2", NOW - timedelta(days=4_000))


def test_a_great_many_are_counted_to_a_ceiling() -> None:
    old("findings", 10)
    assert row("findings").due == "9+"


def test_the_last_run_says_how_many_it_removed(client: Client) -> None:
    old("findings", 3)
    assert row("findings").last == "not yet"

    enforcing.enforce_due(now=NOW)

    assert (row("findings").last, row("findings").at) == ("3 removed", NOW)
    assert "3 removed" in text_of(client)


def test_a_run_under_way_says_so() -> None:
    RetentionRun.objects.create(kind="findings", next_at=NOW, begun_at=NOW, removed=1_000)
    assert row("findings").last == "1,000 removed so far; it goes on"


def test_for_good_is_said(settings: Settings) -> None:
    settings.RETENTION = settings.RETENTION | {"RETENTION_FINDING_DAYS": 0}
    old("findings")

    assert (row("findings").kept, row("findings").due) == ("for good", "0")


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (30, "30 days"), (400, "400 days"), (730, "730 days (2 years)")]
)
def test_days_in_words(days: int, words: str) -> None:
    assert retention.in_days(timedelta(days=days)) == words


def breaks(_turn: object) -> Step:
    raise DatabaseError("it is locked\nDETAIL: Key (customer_id)=(claire)")


def test_a_failure_is_shown_and_holds_nobody_else_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    old("findings")
    old("refusals")
    monkeypatch.setattr(enforcing, "KINDS", [_with(kind) for kind in KINDS])

    enforcing.enforce_due(now=NOW)

    assert not TagFinding.objects.exists()
    run = RetentionRun.objects.get(kind="refusals")
    assert (run.error, run.next_at, run.ended_at) == ("DatabaseError: it is locked", NOW + running.AGAIN, None)
    text = text_of(client)
    assert "1 kind could not be removed." in text
    assert "DatabaseError: it is locked" in text
    assert "claire" not in text


def _with(kind: Kind) -> Kind:
    return replace(kind, step=breaks) if kind.name == "refusals" else kind


def test_the_command_removes_at_once_and_says_it() -> None:
    old("findings", 3)
    out = StringIO()

    call_command("enforce_retention", "--dry-run", stdout=out)
    assert TagFinding.objects.count() == 3
    call_command("enforce_retention", stdout=out)

    assert not TagFinding.objects.exists()
    before, after = (line for line in out.getvalue().splitlines() if line.startswith("What the tag noticed"))
    assert before.split("  ")[-1].strip() == "not yet"
    assert after.split("  ")[-1].strip() == "3 removed"


def test_the_command_says_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enforce_retention, "KINDS", [_with(kind) for kind in KINDS])
    with pytest.raises(CommandError, match="1 kind could not be removed"):
        call_command("enforce_retention", stdout=StringIO())
