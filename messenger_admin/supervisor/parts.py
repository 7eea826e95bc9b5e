"""What the supervisor looks after: processes, and beat as a thread of its own."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Protocol

from celery import Celery
from celery.beat import Scheduler, Service
from django.conf import settings
from django.utils.translation import gettext as _

LEASH = Path(__file__).with_name("leash.py")


class Part(Protocol):
    """`stage` says when it is asked to stop: what others still need comes later."""

    name: str
    stage: int

    def start(self) -> None: ...

    def output(self) -> int | None:
        """The file descriptor of what it says, if it says anything."""
        ...

    def ended(self) -> str | None:
        """How it ended, in words; None while it lives."""
        ...

    def stop(self) -> None: ...

    def kill(self) -> None: ...


class ProcessPart:
    """A Python process in a group of its own, so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, name: str, arguments: list[str], *, stage: int = 0) -> None:
        self.name = name
        self.stage = stage
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        leashed = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), sys.executable, *self._arguments]
        self._process = subprocess.Popen(  # noqa: S603  (our own command, without a shell)
            leashed,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=settings.BASE_DIR,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            process_group=0,
        )

    def output(self) -> int | None:
        return self._process.stdout.fileno() if self._process and self._process.stdout else None

    def ended(self) -> str | None:
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        if code < 0:
            return _("ended by signal %(signal)s") % {"signal": signal.Signals(-code).name}
        return _("ended with exit code %(code)d") % {"code": code}

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """Ends the whole group: a server's own children don't outlive it."""
        if not self._process:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None


class BeatPart:
    """Celery's beat; the schedule needs no file, since a sweep says everything anew."""

    name = "beat"
    stage = 0

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._service: Service | None = None
        self._thread: Thread | None = None

    def start(self) -> None:
        self._service = Service(self._app, max_interval=1, scheduler_cls=Scheduler)
        self._thread = Thread(target=self._service.start, name=self.name, daemon=True)
        self._thread.start()

    def output(self) -> int | None:
        return None

    def ended(self) -> str | None:
        return None if self._thread is None or self._thread.is_alive() else _("ended by itself")

    def stop(self) -> None:
        if self._service:
            self._service.stop()

    def kill(self) -> None:
        """A thread can't be ended from outside; it is a daemon, and goes with the process."""
        self._service = self._thread = None
