"""A real far end on loopback, and a page that sends to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from notifications.services import pump
from notifications.shutdown import stopping
from tests.support.sandbox import FarEnd, far_end


@pytest.fixture
def sandbox(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FarEnd]:
    """The sandbox's stub; pages of gateway *sandbox* send to it, without a pace limit, and retry at once."""
    with far_end(tmp_path / "sandbox.sqlite3") as end:
        settings.SANDBOX_URL = end.url
        settings.PACE_LIMIT = False
        settings.PUMP_SLICE = 30.0
        settings.CONNECT_TIMEOUT = 10.0
        settings.TOTAL_TIMEOUT = 20.0
        monkeypatch.setattr(pump, "DATABASE_PATIENCE", 2.0)
        yield end


@pytest.fixture(autouse=True)
def going_on() -> Iterator[None]:
    """A test that asks the process to stop asks for itself alone."""
    yield
    stopping.clear()


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The hints that would go to the broker; tests/services/ sends real ones."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr("notifications.hints._hint", lambda task, pk: sent.append((task, pk)))
    return sent
