"""The web server as the product starts it (messenger_admin/supervisor/stack.py), for whatever application."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.stack.processes import Process, listens, running, wait_for


def command(application: str, *, port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    threads = ["--blocking-threads", "8", "--workers-kill-timeout", "2", "--log-level", "error", "--no-ws"]
    return ["-m", "granian", *options, *threads, application]


@contextmanager
def served(application: str, *, port: int, env: Mapping[str, str], log: Path) -> Iterator[Process]:
    with running(*command(application, port=port), env=env, log=log) as process:
        wait_for(lambda: listens(port), f"{application} listens", every=0.1)
        yield process
