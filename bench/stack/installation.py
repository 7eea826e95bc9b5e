"""An installation of the product in a folder and a database of its own, and what can be started of it."""

import base64
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from bench.stack.processes import ROOT, Process, TooLate, listens, running, wait_for
from bench.stack.web import served

# One for all, so that the tokens in a copied database can be read.
TOKEN_KEY = base64.urlsafe_b64encode(os.urandom(32)).decode()
PASSWORD = "bench-bench-bench"
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
CELERY = ("-m", "celery", "--app", "messenger_admin", "--quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """`database_url` and `broker_url` are empty for the embedded one: SQLite, and hints through a file."""

    folder: Path
    port: int
    database_url: str = ""
    broker_url: str = ""
    queue: str = field(default_factory=lambda: f"bench-{uuid.uuid4().hex}")

    @property
    def embedded(self) -> bool:
        return not self.database_url

    @property
    def database(self) -> str:
        """The name of its database on the server."""
        return urlsplit(self.database_url).path.strip("/")

    @property
    def sqlite(self) -> Path:
        return self.folder / "messenger_admin.sqlite3"

    def env(self) -> dict[str, str]:
        """Default settings, except that the pace has no limit."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "messenger_admin.settings",
            "ENV_FILE": os.devnull,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.port + 1),
            "DATABASE_URL": self.database_url or f"sqlite:///{quote(str(self.sqlite))}",
            "CELERY_BROKER_URL": self.broker_url or f"embedded:///{quote(str(self.folder / 'broker.sqlite3'))}",
            "CELERY_QUEUE": self.queue,
            "TOKEN_KEYS": TOKEN_KEY,
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "PACE_LIMIT": "false",
        }

    @contextmanager
    def inside(self) -> Iterator["Inside"]:
        log = self.folder / "inside.log"
        with running("-m", "bench.inside", env=self.env(), log=log, pipes=True) as process:
            yield Inside(process, log)

    @contextmanager
    def worker(self) -> Iterator[Process]:
        """One worker process, with the pool that this kind of installation has."""
        pool = ("--pool", "threads", "--concurrency", "4") if self.embedded else ("--concurrency", "1")
        name = ("--hostname", f"{uuid.uuid4().hex}@%h", "--without-mingle", "--without-gossip")
        with running(*CELERY, "worker", *pool, *name, env=self.env(), log=self.folder / "worker.log") as process:
            yield process

    @contextmanager
    def beat(self) -> Iterator[Process]:
        options = ("beat", "--scheduler", "celery.beat:Scheduler")
        with running(*CELERY, *options, env=self.env(), log=self.folder / "beat.log") as process:
            yield process

    @contextmanager
    def web(self) -> Iterator[Process]:
        log = self.folder / "web.log"
        with served("messenger_admin.wsgi:application", port=self.port, env=self.env(), log=log) as process:
            self.wait_for_web()
            yield process

    @contextmanager
    def up(self) -> Iterator[Process]:
        """Everything in one command, the far end too."""
        (self.folder / "demo_loaded").touch()
        with running("manage.py", "up", env=self.env(), log=self.folder / "up.log") as process:
            self.wait_for_web()
            wait_for(lambda: listens(self.port + 1), "the far end listens", every=0.1)
            yield process

    def wait_for_web(self) -> None:
        wait_for(self._answers, "the web answers", every=0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                return True
        except OSError:
            return False


class Inside:
    """A process in which the product's own services can be called: one line of JSON there, one back."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    def do(self, act: str, **values: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([act, values]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise TooLate(f"{act} failed: {self._log.read_text()[-2000:]}")
        return json.loads(answer)

    def wait_for(self, campaign: int, *, left: int, seconds: float) -> None:
        """Until so many of the campaign's deliveries have ended."""
        wait_for(lambda: self.done(campaign) >= left, f"{left} deliveries", seconds=seconds)

    def done(self, campaign: int) -> int:
        return int(self.do("tally", campaign=campaign)["done"])
