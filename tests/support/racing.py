"""Other connections beside the test's own: several that do the same at the same instant, or one at work meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def race(*contestants: Callable[[], T]) -> list[T | Exception]:
    """Starts all of them together, each in a thread with a connection of its own; returns what each came to."""
    start = threading.Barrier(len(contestants))

    def run(contestant: Callable[[], T]) -> T | Exception:
        start.wait()
        try:
            return contestant()
        except Exception as error:  # noqa: BLE001  (what it raised is what the test looks at)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(contestants)) as pool:
        return list(pool.map(run, contestants))


def aside(work: Callable[..., object], *args: object) -> threading.Thread:
    """Starts `work` in a thread with a connection of its own, which it gives back in the end."""

    def run() -> None:
        try:
            work(*args)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
