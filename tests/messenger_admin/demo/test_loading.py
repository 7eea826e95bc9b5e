"""Loading the demo: quickly, once, wholly or not at all, and only where there is a sandbox."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from messenger_admin.demo import load
from pages.models import Page

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_it_loads_within_seconds_and_says_so(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SANDBOX_STORE = tmp_path / "sandbox.sqlite3"
    began = time.process_time()

    call_command("load_demo")
    call_command("load_demo")

    assert time.process_time() - began < 10
    assert capsys.readouterr().out.splitlines() == [
        "The demo is loaded.",
        "The demo is here already; nothing was changed.",
    ]


def test_a_loading_that_fails_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANDBOX_STORE = tmp_path / "sandbox.sqlite3"
    monkeypatch.setattr("messenger_admin.demo.ledger.Ledger.write", lambda _ledger: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        load.load(now=NOW)

    assert not Page.objects.exists()


def test_without_a_sandbox_there_is_no_demo(settings: Settings) -> None:
    settings.SANDBOX = False

    with pytest.raises(CommandError, match="the sandbox is off"):
        call_command("load_demo")
    assert not Page.objects.exists()
