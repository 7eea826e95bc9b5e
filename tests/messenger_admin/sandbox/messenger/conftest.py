from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.support.messenger_sandbox import App, Messenger, app, messenger
from tests.support.sandbox import FarEnd, far_end


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as running:
        yield running


@pytest.fixture
def page(sandbox: FarEnd) -> Messenger:
    """One of Claire's pages, linked, and subscribed to nothing."""
    return messenger(sandbox)


@pytest.fixture
def listening(settings: Settings) -> Iterator[App]:
    """This installation as Facebook reaches it."""
    with app(verify_token=settings.FACEBOOK_VERIFY_TOKEN) as running:
        settings.PUBLIC_URL = running.url
        yield running
