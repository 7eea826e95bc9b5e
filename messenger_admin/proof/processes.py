"""The processes of a run: started, frozen, killed, and never left behind. What they say is kept in files."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from messenger_admin.supervisor.parts import LEASH


class Process:
    """A command in a process group of its own. It ends with the block, and with whoever started it."""

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str], user: str | None = None) -> None:
        leashed = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *command]
        with log.open("ab") as said:
            self._process = subprocess.Popen(  # noqa: S603  (the run's own commands, without a shell)
                leashed,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=settings.BASE_DIR,
                env=dict(env),
                process_group=0,
                user=user,
            )
        self.log = log

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.poll()

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def pids(self) -> frozenset[int]:
        """Of the whole group: a worker that forks sends from its children."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], check=True, capture_output=True, text=True)  # noqa: S607
        pairs = (line.split() for line in listed.stdout.splitlines())
        return frozenset(int(pid) for pid, group in pairs if int(group) == self.pid)

    def send(self, number: signal.Signals) -> None:
        """To the whole group: a script that stands before its server would leave it behind."""
        os.killpg(self.pid, number)

    def wait(self, seconds: float) -> int:
        return self._process.wait(seconds)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def python(*arguments: str, log: Path, env: Mapping[str, str]) -> Process:
    return Process([sys.executable, *arguments], log=log, env=env)
