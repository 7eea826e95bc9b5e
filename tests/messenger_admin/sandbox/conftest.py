from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sandbox import FarEnd, far_end


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as running:
        yield running
