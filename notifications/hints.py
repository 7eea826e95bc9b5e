"""Hints through Celery: "look here". Losing one loses nothing; the sweep finds the same work by itself."""

import logging
import os
import threading
import time
from functools import partial

from celery import current_app
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError

from notifications.models import Lease

logger = logging.getLogger(__name__)

PUMP_PAGE = "notifications.pump_page"
EXPAND_CAMPAIGN = "notifications.expand_campaign"
CLOSE_CAMPAIGN = "notifications.close_campaign"
CALL_BACK = "notifications.call_back"

# How long calls are gathered after a hint until the page is hinted to again, in seconds: the first waits for nothing.
GATHERED_FOR = 0.1


def kick_page(page_pk: int) -> None:
    """Says, once the transaction is committed, that a page has work.

    The hint carries the fence of the page's lease: whoever took the lease since then has seen the same work. So a page
    for which many hints wait gets one turn for all of them, and the turns go round among the pages.
    """
    transaction.on_commit(partial(_hint, PUMP_PAGE, page_pk))


def kick_page_soon(page_pk: int) -> None:
    """The same for a caller that has many such calls a second: a thread gathers them, and says it once for a page."""
    transaction.on_commit(partial(_gathered.add, page_pk))


def kick_expansion(campaign_pk: int) -> None:
    transaction.on_commit(partial(_hint, EXPAND_CAMPAIGN, campaign_pk))


def kick_closing(campaign_pk: int) -> None:
    transaction.on_commit(partial(_hint, CLOSE_CAMPAIGN, campaign_pk))


def kick_callback(callback_pk: int) -> None:
    transaction.on_commit(partial(_hint, CALL_BACK, callback_pk))


def _hint(task: str, pk: int) -> None:
    try:
        current_app.send_task(task, args=[pk, fence_of(pk)] if task == PUMP_PAGE else [pk])
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take the hint %s(%s): %s", task, pk, error)


def fence_of(page_pk: int) -> int:
    return Lease.objects.filter(pk=page_pk).values_list("fence", flat=True).first() or 0


class _Gathered:
    """Pages to hint to, and the thread that does. What it holds when the process ends, the sweep finds."""

    def __init__(self) -> None:
        self._pages: set[int] = set()
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._process = 0

    def add(self, page_pk: int) -> None:
        with self._lock:
            self._pages.add(page_pk)
            if self._process != os.getpid():  # the first, or the first in a forked child, which has no such thread
                self._process = os.getpid()
                threading.Thread(target=self._run, name="hints", daemon=True).start()
        self._some.set()

    def _run(self) -> None:
        while self._some.wait():
            self._some.clear()
            with self._lock:
                pages, self._pages = self._pages, set()
            for page_pk in pages:
                self._say(page_pk)
            connection.close_if_unusable_or_obsolete()
            time.sleep(GATHERED_FOR)

    def _say(self, page_pk: int) -> None:
        try:
            _hint(PUMP_PAGE, page_pk)
        except DatabaseError as error:
            logger.warning("The page %s was not hinted to: %s", page_pk, error)


_gathered = _Gathered()
