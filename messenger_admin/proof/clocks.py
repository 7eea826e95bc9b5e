"""Wall clocks that jump, while the clocks that nobody can set go on as they are (Linux, with a C compiler)."""

import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


def can_jump() -> bool:
    return sys.platform == "linux" and shutil.which("cc") is not None


def clock(folder: Path, name: str) -> Path:
    """A new clock that is right."""
    made = folder / f"clock-{name}"
    made.touch()
    turn(made, 0.0)
    return made


def turn(clock: Path, seconds: float) -> None:
    """Whoever runs by it is wrong by so much from this moment on."""
    with clock.open("r+b") as file:
        file.write(struct.pack("d", seconds))


def environment(clock: Path) -> Mapping[str, str]:
    """For a process whose wall clock it is to be."""
    library = clock.with_name("clock.so")
    if not library.exists():
        compiler = str(shutil.which("cc"))
        command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-lm"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  (our own source)
    return {"LD_PRELOAD": str(library), "PROOF_CLOCK": str(clock)}
