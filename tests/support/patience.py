"""Limits of time on a machine that does something else too: slow once is busy, slow always is wrong."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from tests.support.processes import ROOT

# Loading the project takes a quiet machine no longer, in seconds.
USUAL = 1.5


def once_in(tries: int, holds: Callable[[], bool]) -> bool:
    """Whether it holds at least once: something else may spoil a try, never all of them."""
    return any(holds() for _try in range(tries))


def strain(env: Mapping[str, str]) -> float:
    """How many times longer than usual things take just now, at least 1."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import messenger_admin.wsgi"], cwd=ROOT, env=dict(env), check=True)
    return max(1.0, (time.monotonic() - began) / USUAL)
