"""The tag's own unit tests, by node's runner."""

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node; continuous integration installs it")
def test_what_node_says() -> None:
    done = subprocess.run(["node", "--test", str(Path(__file__).parent)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
