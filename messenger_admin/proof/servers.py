"""PostgreSQL, Redis and RabbitMQ of the run's own, on private ports, that may be stopped and broken at will."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from messenger_admin.proof import waiting
from messenger_admin.proof.databases import connect
from messenger_admin.proof.processes import Process

HOST = "127.0.0.1"
# PostgreSQL refuses to run as root; these users exist where its packages, or any system, are installed.
ORDINARY = ("postgres", "nobody")
RABBITMQ = ("/usr/lib/rabbitmq/bin", "/opt/rabbitmq/sbin")
# Until it answers, in seconds: RabbitMQ takes a while on a busy machine.
PATIENCE = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def find(name: str, *folders: str | Path) -> str | None:
    """The program's path: in one of the folders, which go first, or where the shell would find it."""
    path = os.pathsep.join(map(str, folders))
    return (shutil.which(name, path=path) if path else None) or shutil.which(name)


@dataclass(slots=True)
class Server:
    """`stops` are the signals that end it, by their manner; after `start` it answers at `port`."""

    command: Sequence[str]
    port: int
    url: str
    log: Path
    env: Mapping[str, str]
    stops: Mapping[str, signal.Signals]
    ready: Callable[[], bool]
    _process: Process | None = field(default=None, init=False)

    def start(self) -> None:
        self._process = Process(self.command, log=self.log, env=self.env)
        waiting.until(self.ready, f"{self.command[-1]} ({self.log})", seconds=PATIENCE)

    def stop(self, manner: str = "orderly") -> None:
        if self._process:
            self._process.send(self.stops[manner])
            self._process.wait(PATIENCE)
            self._process = None

    def kill(self) -> None:
        if self._process:
            self._process.kill()


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.kill()


def can_run_postgresql() -> bool:
    return bool(_postgresql("initdb") and _postgresql("postgres"))


@contextmanager
def postgresql(folder: Path, env: Mapping[str, str]) -> Iterator[Server]:
    """A new cluster in `folder`, without a password, for this machine alone. Commits survive the server's death."""
    port, data, as_user = free_port(), folder / "postgresql", _as_ordinary_user(folder)
    made = [*as_user, str(_postgresql("initdb")), "--pgdata", str(data), "--auth=trust", "--username=postgres"]
    # Its own death is meant, not the machine's: what the kernel took is safe without fsync.
    options = {"port": port, "listen_addresses": HOST, "unix_socket_directories": "", "fsync": "off"}
    subprocess.run([*made, "--encoding=UTF8", "--no-sync"], check=True, capture_output=True, cwd="/")  # noqa: S603
    url = f"postgres://postgres@{HOST}:{port}/postgres"
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    server = Server(
        command=[*as_user, str(_postgresql("postgres")), "-D", str(data), *settings],
        port=port,
        url=url,
        log=folder / "postgresql.log",
        env={**os.environ, **env},
        stops={"orderly": signal.SIGINT, "immediate": signal.SIGQUIT},
        ready=lambda: _answers(url),
    )
    with _running(server):
        yield server


def _answers(url: str) -> bool:
    try:
        connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _postgresql(program: str) -> str | None:
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return find(program, *newest_first)


def _as_ordinary_user(folder: Path) -> list[str]:
    """What goes before the command where this is root; the folder then belongs to that user."""
    if os.geteuid():
        return []
    user = next(name for name in ORDINARY if _is_user(name))
    shutil.chown(folder, user)
    folder.chmod(0o755)
    # The leash comes off when the user changes, and is put on again.
    return [shutil.which("setpriv") or "setpriv", f"--reuid={user}", "--clear-groups", "--pdeathsig=INT", "--"]


def _is_user(name: str) -> bool:
    return any(line.startswith(f"{name}:") for line in Path("/etc/passwd").read_text().splitlines())


def can_run_redis() -> bool:
    return bool(find("redis-server"))


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """It keeps nothing: whoever restarts it finds it empty."""
    port = free_port()
    options = {"port": str(port), "bind": HOST, "save": "", "appendonly": "no", "dir": str(folder)}
    server = Server(
        command=[
            str(find("redis-server")),
            *(word for name, value in options.items() for word in (f"--{name}", value)),
        ],
        port=port,
        url=f"redis://{HOST}:{port}/0",
        log=folder / "redis.log",
        env=os.environ,
        stops={"orderly": signal.SIGTERM, "immediate": signal.SIGKILL},
        ready=lambda: listens(port),
    )
    with _running(server):
        yield server


def can_run_rabbitmq() -> bool:
    return bool(find("rabbitmq-server", *RABBITMQ) and find("epmd"))


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Server]:
    """A node with a name, ports, a cookie and a port mapper of its own."""
    port, mapper, home = free_port(), str(free_port()), folder / "rabbitmq"
    home.mkdir()
    env = {
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"proof{secrets.token_hex(4)}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": HOST,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONFIG_FILE": str(home / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "ERL_EPMD_PORT": mapper,
        "ERL_EPMD_ADDRESS": HOST,
    }
    env = {**os.environ, **env}
    server = Server(
        command=[str(find("rabbitmq-server", *RABBITMQ))],
        port=port,
        url=f"amqp://guest:guest@{HOST}:{port}//",
        log=folder / "rabbitmq.log",
        env=env,
        stops={"orderly": signal.SIGTERM, "immediate": signal.SIGKILL},
        ready=lambda: listens(port),
    )
    # Erlang would start the mapper by itself, and leave it behind.
    with Process([str(find("epmd")), "-port", mapper], log=folder / "epmd.log", env=env), _running(server):
        yield server
