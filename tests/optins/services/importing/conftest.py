from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Whether a file was left behind is seen where no other test leaves any."""
    settings.DATA_DIR = tmp_path
