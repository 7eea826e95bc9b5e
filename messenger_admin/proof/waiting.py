"""Waiting, with an end."""

import time
from collections.abc import Callable


class TookTooLong(Exception):
    """`str()` says what was waited for."""


def until(condition: Callable[[], object], what: str, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TookTooLong(f"{what}: not within {seconds:g} s")
        time.sleep(0.05)
