"""Hints through Celery: "look here". Losing one loses nothing; the sweep finds the same work by itself."""

import logging
import os
import threading
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

PROCESS_WEBHOOKS = "pages.process_webhooks"
FETCH_PROFILES = "pages.fetch_profiles"
# How long posts are gathered after a hint until the next one, in seconds: the first waits for nothing.
GATHERED_FOR = 0.1


def kick_webhooks() -> None:
    """Says, once the transaction is committed, that there is something in the inbox."""
    transaction.on_commit(_hint)


def kick_webhooks_soon() -> None:
    """The same for whoever answers Facebook, which does not wait for a broker: a thread says it, once for many."""
    transaction.on_commit(_gathered.add)


def kick_profiles() -> None:
    """Says, some time after the transaction is committed, that there are people whose name is not known."""
    transaction.on_commit(_people.add)


def _hint(task: str = PROCESS_WEBHOOKS) -> None:
    try:
        current_app.send_task(task)
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take the hint %s: %s", task, error)


class _Gathered:
    """Whether there is something to say, and the thread that says it."""

    def __init__(self, task: str = PROCESS_WEBHOOKS) -> None:
        self._task = task
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._process = 0

    def add(self) -> None:
        with self._lock:
            if self._process != os.getpid():  # the first, or the first in a forked child, which has no such thread
                self._process = os.getpid()
                threading.Thread(target=self._run, name="webhook-hints", daemon=True).start()
        self._some.set()

    def _run(self) -> None:
        while self._some.wait():
            self._some.clear()
            _hint(self._task)
            time.sleep(GATHERED_FOR)


_gathered = _Gathered()
_people = _Gathered(FETCH_PROFILES)
