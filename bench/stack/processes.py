"""Real processes, what they cost (Linux), and their end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEASH = ROOT / "messenger_admin" / "supervisor" / "leash.py"
Process = subprocess.Popen[str]
TICKS = os.sysconf("SC_CLK_TCK")


class TooLate(RuntimeError):
    """What was waited for did not happen."""


def wait_for(condition: Callable[[], object], what: str, *, seconds: float = 60.0, every: float = 0.02) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TooLate(f"{what}: not within {seconds:g} s")
        time.sleep(every)


def free_ports(count: int) -> list[int]:
    """As many in a row, below the range from which the system picks ports for connections."""
    for first in range(20_000 + os.getpid() % 5_000, 32_000, count):
        if all(map(_is_free, range(first, first + count))):
            return list(range(first, first + count))
    raise TooLate("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(*arguments: str, env: Mapping[str, str], log: Path, pipes: bool = False) -> Iterator[Process]:
    """`python arguments...` from the project's folder, in a group of its own that ends with the block."""
    with log.open("a") as file:
        process = subprocess.Popen(
            # The leash ends it when the benchmark is killed.
            [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), sys.executable, *arguments],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.PIPE if pipes else subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipes else file,
            stderr=file,
            text=True,
            process_group=0,
        )
        try:
            yield process
        finally:
            end(process)


def end(process: Process) -> None:
    """Asks it to stop, and does not wait long."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (stat := _stat(int(folder.name))):
            parents[int(folder.name)] = int(stat[1])
    found = [pid]
    for parent in found:
        found.extend(child for child, its_parent in parents.items() if its_parent == parent)
    return found


def cpu_seconds(pid: int) -> float:
    """What the tree has used so far, user and system, children that ended included."""
    stats = filter(None, map(_stat, tree(pid)))
    return sum(sum(map(int, stat[11:15])) for stat in stats) / TICKS


def peak_megabytes(pid: int) -> float:
    """The most memory that one process of the tree has had resident."""
    return max(_peak(one) for one in tree(pid)) / 1024


def _stat(pid: int) -> list[str]:
    """The fields after the name: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _peak(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
