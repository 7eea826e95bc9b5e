"""Real processes: started, watched, asked to stop, and never left behind."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from messenger_admin.supervisor import leash

LEASH = Path(leash.__file__)
ROOT = Path(__file__).resolve().parents[2]
# What says where a run's data and services are: a process gets these from its test, and never from the shell.
OURS = frozenset({"DATA_DIR", "DATABASE_URL", "CELERY_BROKER_URL", "CELERY_QUEUE", "ENVIRONMENT", "DEBUG", "SANDBOX"})
OURS |= {"PORT", "SANDBOX_PORT", "IADVIZE_BASE_URL", "SECRET_KEY", "TOKEN_KEYS", "LOG_LEVEL"}
OURS |= {"PUBLIC_URL", "GRAPH_URL", "FACEBOOK_URL", "M_ME_URL", "FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET", "EMAIL_URL"}
OURS |= {"ACCESS_LOG", "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SUPERUSER_PASSWORD"}


class TooLate(AssertionError):
    pass


def wait_for(condition: Callable[[], object], what: str, *, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TooLate(f"{what}: not within {seconds} s")
        time.sleep(0.05)


# Each process of a run has ports of its own: what one was given another would find free until somebody listens there.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
_ports = itertools.cycle(range(20_000 + 3_000 * _WORKER, 23_000 + 3_000 * _WORKER, 2))
# Runs beside each other begin in different places.
deque(itertools.islice(_ports, os.getpid() % 1_500), maxlen=0)


def free_port() -> int:
    """Nobody listens there now, nor one above; below the range in which the system picks ports for connections."""
    for port in itertools.islice(_ports, 1_500):
        if _is_free(port) and _is_free(port + 1):
            return port
    raise TooLate("no free port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def environment(**values: str) -> dict[str, str]:
    """The shell's environment without what is ours, a clean start for `values`."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {"ENV_FILE": os.devnull, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | values


class Running:
    """A process in a group of its own, and all that it has said so far."""

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        self._said: list[str] = []
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._said.append(line)

    @property
    def said(self) -> str:
        return "".join(self._said)

    def wait_until_it_says(self, words: str, *, seconds: float = 180.0) -> None:
        with suppress(TooLate):
            wait_for(lambda: words in self.said or self.process.poll() is not None, words, seconds=seconds)
        assert words in self.said, self.said

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self, seconds: float = 60.0) -> int:
        code = self.process.wait(seconds)
        self._reader.join(2)
        return code

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(*arguments: str, env: Mapping[str, str]) -> Iterator[Running]:
    """`python arguments...` from the project's folder, ended with its whole group at the end."""
    # The leash ends it even when the test's own process is killed.
    started = Running([sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), sys.executable, *arguments], env)
    try:
        yield started
    finally:
        started.end()


def children_of(pid: int) -> list[int]:
    """The processes below `pid`, however deep (Linux)."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    below = [pid]
    for parent in below:
        below.extend(child for child, its_parent in parents.items() if its_parent == parent)
    return below[1:]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def lives(pid: int) -> bool:
    """Whether it runs; a zombie that nobody has buried yet doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
