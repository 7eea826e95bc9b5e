"""A database that restarts under Facebook's posts: what got a 200 is there, and Facebook repeats everything else."""

import http.client
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from pytest_django import Settings

from messenger_admin.proof import servers
from messenger_admin.proof.databases import connect
from messenger_admin.supervisor import stack
from tests.support.facebook import URL, body_of, entry, message, signature
from tests.support.processes import ROOT, environment, free_port, running, wait_for

CONNECTIONS = 8
BEFORE, AFTER = 200, 200
PAGE, SECRET = "322837607840703", "the app's secret"
PROCESS = """
from pages.webhooks.processing import process_due
while process_due(): pass
"""


@dataclass
class Facebook:
    """Posts events from many connections; remembers what it was answered for each mid, or that it was not."""

    port: int
    taken: list[str] = field(default_factory=list)
    others: list[int | None] = field(default_factory=list)
    enough: int = sys.maxsize
    _numbers: Iterator[int] = field(default_factory=count)

    def threads(self) -> list[threading.Thread]:
        return [threading.Thread(target=self._post_all, daemon=True) for _connection in range(CONNECTIONS)]

    def _post_all(self) -> None:
        while len(self.taken) < self.enough:
            with suppress(OSError, http.client.HTTPException), closing(self._connection()) as connection:
                while len(self.taken) < self.enough:
                    self._post(connection, f"m_{next(self._numbers)}")

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def _post(self, connection: http.client.HTTPConnection, mid: str) -> None:
        body = body_of(entry(PAGE, message(PAGE, "7", "hi", mid=mid)))
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body, secret=SECRET)}
        connection.request("POST", URL, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 200:
            self.taken.append(mid)
        else:
            self.others.append(answer.status)


@pytest.fixture
def database() -> Iterator[servers.Server]:
    if not servers.can_run_postgresql():
        pytest.fail("There is no initdb or postgres to run a server of the test's own with.")
    with tempfile.TemporaryDirectory() as folder, servers.postgresql(Path(folder), os.environ) as server:
        yield server


@pytest.fixture
def env(database: servers.Server, tmp_path: Path) -> dict[str, str]:
    return environment(
        DATA_DIR=str(tmp_path),
        DATABASE_URL=database.url,
        PORT=str(free_port()),
        LOG_LEVEL="ERROR",
        FACEBOOK_APP_ID="1",
        FACEBOOK_APP_SECRET=SECRET,
    )


def manage(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, check=True, capture_output=True)


@pytest.fixture
def facebook(env: dict[str, str], settings: Settings) -> Iterator[Facebook]:
    manage(env, "migrate", "--verbosity", "0")
    port = int(env["PORT"])
    settings.PORT = port
    with running(*stack.web()._arguments, env=env):
        wait_for(lambda: servers.listens(port), "the web server")
        yield Facebook(port=port)


@pytest.mark.services
@pytest.mark.parametrize("manner", ["orderly", "immediate"])
def test_what_was_answered_with_200_is_kept_and_the_rest_is_to_come_again(
    database: servers.Server, facebook: Facebook, env: dict[str, str], manner: str
) -> None:
    threads = facebook.threads()
    for thread in threads:
        thread.start()
    wait_for(lambda: len(facebook.taken) > BEFORE, "posts before the restart", seconds=180)
    database.stop(manner)
    database.start()
    facebook.enough = len(facebook.taken) + AFTER
    for thread in threads:
        thread.join(120)

    manage(env, "shell", "--command", PROCESS)
    with closing(connect(database.url)) as there:
        rows = there.execute("SELECT body -> 'message' ->> 'mid' FROM pages_webhookevent").fetchall()
        posts = dict(there.execute("SELECT state, count(*) FROM pages_webhookpost GROUP BY state").fetchall())
    stored = [mid for (mid,) in rows]
    assert len(facebook.taken) >= facebook.enough > BEFORE + AFTER
    assert set(facebook.taken) <= set(stored)
    assert len(stored) == len(set(stored))
    assert set(posts) == {"split"}
    # Who waited for the database and was answered after all noticed nothing; there may be nobody else.
    assert set(facebook.others) <= {503}
