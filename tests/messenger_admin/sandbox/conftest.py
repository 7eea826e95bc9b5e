from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from messenger_admin.sandbox import messages
from messenger_admin.sandbox.messages import Received
from messenger_admin.sandbox.store import opened
from tests.support.sandbox import PAGE, FarEnd, far_end


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as running:
        yield running


@pytest.fixture
def store(tmp_path: Path, settings: Settings) -> Path:
    """The file that the web reads, empty as on the first day."""
    settings.SANDBOX_STORE = tmp_path / "sandbox.sqlite3"
    return tmp_path / "sandbox.sqlite3"


@pytest.fixture
def receive(store: Path) -> Callable[..., None]:
    """Puts messages on record as the stub would: `receive(customer_id="FR-1", body=b"{}")`."""

    def put(**values: Any) -> None:
        defaults: dict[str, Any] = {
            "message_id": "m1",
            "page_id": PAGE,
            "customer_id": "FR-1",
            "body": b'{"text":"hello"}',
            "received_at": 1_790_000_000.123,
            "status": 202,
            "delivered": True,
        }
        with opened(store) as connection:
            messages.insert(connection, [Received(**defaults | values)])

    return put
