"""Runs a command that ends with its parent: `python -I -S leash.py <parent's pid> <command> [argument...]`.

A script of its own, because what a process asks of Linux between fork and exec must not be asked by Python in a
process that has threads. Elsewhere than on Linux it only runs the command.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        # The parent may have died before the leash was on.
        if os.getppid() != parent:
            return
    os.execv(command[0], command)  # noqa: S606  (the supervisor's own command, without a shell)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
