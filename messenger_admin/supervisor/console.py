"""What the supervisor and its parts say on one terminal, each line with its speaker."""

import os
from collections.abc import Iterable
from contextlib import suppress

WIDTH = 7
MAX_LINE = 65_536  # bytes; what never ends its line is cut here


class Console:
    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._rest: dict[str, bytes] = {}

    def say(self, sentence: str) -> None:
        self._line("up", sentence)

    def relay(self, name: str, data: bytes) -> None:
        """Prints the whole lines of `data` and keeps the rest; no data is the end, which prints the rest."""
        *lines, rest = (self._rest.pop(name, b"") + data).split(b"\n")
        if rest and (not data or len(rest) > MAX_LINE):
            lines, rest = [*lines, rest], b""
        if rest:
            self._rest[name] = rest
        for line in lines:
            self._line(name, line.decode(errors="replace").rstrip("\r"))

    def box(self, lines: Iterable[str]) -> None:
        rows = ["", *lines, ""]
        width = max(map(len, rows)) + 4
        self._write(f"\n┌{'─' * width}┐\n")
        for row in rows:
            self._write(f"│  {row.ljust(width - 2)}│\n")
        self._write(f"└{'─' * width}┘\n\n")

    def _line(self, name: str, text: str) -> None:
        self._write(f"{name:<{WIDTH}} | {text}\n")

    def _write(self, text: str) -> None:
        # The terminal may be closed; the parts have to be stopped in order all the same.
        with suppress(OSError):
            os.write(self._descriptor, text.encode())
