"""Hints through Celery: "look here". Losing one loses nothing; the sweep finds the same work by itself."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from notifications.models import Lease

logger = logging.getLogger(__name__)

PUMP_PAGE = "notifications.pump_page"
EXPAND_CAMPAIGN = "notifications.expand_campaign"
CLOSE_CAMPAIGN = "notifications.close_campaign"
CALL_BACK = "notifications.call_back"


def kick_page(page_pk: int) -> None:
    """Says, once the transaction is committed, that a page has work.

    The hint carries the fence of the page's lease: whoever took the lease since then has seen the same work. So a page
    for which many hints wait gets one turn for all of them, and the turns go round among the pages.
    """
    transaction.on_commit(partial(_hint, PUMP_PAGE, page_pk))


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
