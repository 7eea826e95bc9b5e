"""What must hold before anything is started: the data folder is free, and so are the ports."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

HOST = "127.0.0.1"


class CannotStart(Exception):
    """A sentence for the person who tried."""


@contextmanager
def data_folder(path: Path, address: str) -> Iterator[None]:
    """Holds the folder for this process; the lock ends with it, however it ends."""
    path.mkdir(parents=True, exist_ok=True)
    with (path / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(_already_running(path, file.read().strip())) from None
        file.truncate(0)
        file.write(f"{address} ({os.getpid()})")
        file.flush()
        yield


def _already_running(path: Path, holder: str) -> str:
    return _(
        "Messenger Admin already runs on this data folder: %(holder)s. "
        "Stop it first, or choose another folder with DATA_DIR (this one is %(folder)s)."
    ) % {"holder": holder, "folder": path}


def check_port(port: int, variable: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except PermissionError:
            sentence = _("Port %(port)d is not for ordinary users. Choose a higher one with %(variable)s.")
        except OSError:
            sentence = _("Port %(port)d is in use. Stop what listens there, or choose another with %(variable)s.")
        else:
            return
    raise CannotStart(sentence % {"port": port, "variable": variable})


def answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=0.2):
            return True
    except OSError:
        return False
