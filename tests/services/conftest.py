"""A database server of the test's own, that may be restarted, and the web server before it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from messenger_admin.proof import servers
from messenger_admin.supervisor import stack
from tests.support.processes import ROOT, environment, free_port, running, wait_for


@dataclass(frozen=True, kw_only=True)
class Web:
    port: int
    env: dict[str, str]

    def manage(self, *arguments: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env | env,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


@pytest.fixture
def database() -> Iterator[servers.Server]:
    if not servers.can_run_postgresql():
        pytest.fail("There is no initdb or postgres to run a server of the test's own with.")
    with tempfile.TemporaryDirectory() as folder, servers.postgresql(Path(folder), os.environ) as server:
        yield server


@pytest.fixture
def web(database: servers.Server, settings: Settings, tmp_path: Path) -> Iterator[Web]:
    settings.PORT = free_port()
    env = environment(DATA_DIR=str(tmp_path), DATABASE_URL=database.url, PORT=str(settings.PORT), LOG_LEVEL="ERROR")
    served = Web(port=settings.PORT, env=env)
    served.manage("migrate", "--verbosity", "0")
    with running(*stack.web()._arguments, env=env):
        wait_for(lambda: servers.listens(settings.PORT), "the web server")
        yield served
