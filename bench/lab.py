"""Where everything is measured: a folder, a PostgreSQL server, a broker, and the size of the run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bench.stack import brokers, databases
from bench.stack.far_end import FarEnd, far_end
from bench.stack.installation import Installation
from bench.stack.processes import ROOT, free_ports

_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """`quick` is a tenth of everything. `server` is PostgreSQL's URL, `name` how its databases here begin."""

    quick: bool
    server: str
    broker: str
    name: str
    folder: Path

    def of(self, number: int) -> int:
        """A tenth of it, when time is short."""
        return number // 10 if self.quick else number

    def rounds(self, number: int) -> range:
        return range(1 if self.quick else number)

    def say(self, words: str) -> None:
        print(f"  {words}", file=sys.stderr, flush=True)

    # -- installations ---------------------------------------------------------------------------------------

    @contextmanager
    def installed(self, *, embedded: bool = False) -> Iterator[Installation]:
        """A new installation with its tables; the databases of PostgreSQL are copies of one that was migrated."""
        with ExitStack() as stack:
            template = self.template if not embedded else ""
            name = (
                "" if embedded else stack.enter_context(databases.database(self.server, self.name, template=template))
            )
            made = self._installation(name)
            if embedded:
                self._migrate(made)
            stack.callback(brokers.forget, made.broker_url, made.queue)
            yield made

    @property
    def template(self) -> str:
        return f"{self.name}_template"

    def make_template(self) -> None:
        databases.drop(self.server, self.template)
        databases.execute(self.server, "CREATE DATABASE {}", self.template)
        self._migrate(self._installation(self.template))

    def drop_template(self) -> None:
        databases.drop(self.server, self.template)

    def _migrate(self, installation: Installation) -> None:
        with installation.inside() as inside:
            inside.do("migrate")

    @contextmanager
    def copied(self, database: str) -> Iterator[Installation]:
        """An installation on a copy of another one's database, which nobody may be using."""
        with databases.database(self.server, self.name, template=database) as name:
            yield self._installation(name)

    def _installation(self, database: str) -> Installation:
        folder = self.folder / f"installation-{next(_numbers)}"
        folder.mkdir(parents=True)
        return Installation(
            folder=folder,
            port=free_ports(2)[0],
            database_url=databases.url_of(self.server, database) if database else "",
            broker_url=self.broker if database else "",
        )

    @contextmanager
    def far_end(self, installation: Installation) -> Iterator[FarEnd]:
        with far_end(env=installation.env(), port=installation.port + 1, folder=installation.folder) as end:
            yield end

    # -- peers -----------------------------------------------------------------------------------------------

    def peer(self, module: str, values: dict[str, Any], **env: str) -> dict[str, float]:
        """Runs a competitor to its end; what it measured."""
        return self.run(f"bench.peers.{module}", values, **env)

    def run(self, module: str, values: dict[str, Any], **env: str) -> dict[str, float]:
        """Runs a process of the benchmark's own to its end; the last line that it prints is what it measured."""
        done = subprocess.run(
            [sys.executable, "-m", module, json.dumps(values)],
            cwd=ROOT,
            env=os.environ | env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return measured
