"""Hints through Celery: "look here". Losing one loses nothing; the sweep finds the same work by itself."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

WORK_IMPORT = "optins.work_import"


def kick_import(import_pk: int, *, offset: int = 0) -> None:
    """Says, once the transaction is committed, that there are rows to read behind `offset`.

    Whoever read on since then has seen the same work: of many hints that wait, one leads to a turn.
    """
    transaction.on_commit(partial(_hint, WORK_IMPORT, import_pk, offset))


def _hint(task: str, *args: int) -> None:
    try:
        current_app.send_task(task, args=list(args))
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take the hint %s%s: %s", task, args, error)
