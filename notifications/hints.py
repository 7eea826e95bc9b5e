"""Hints through Celery: "look here". Losing one loses nothing; the sweep finds the same work by itself."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

PUMP_PAGE = "notifications.pump_page"
EXPAND_CAMPAIGN = "notifications.expand_campaign"
CLOSE_CAMPAIGN = "notifications.close_campaign"


def kick_page(page_pk: int) -> None:
    """Says, once the transaction is committed, that a page has work."""
    transaction.on_commit(partial(_hint, PUMP_PAGE, page_pk))


def kick_expansion(campaign_pk: int) -> None:
    transaction.on_commit(partial(_hint, EXPAND_CAMPAIGN, campaign_pk))


def kick_closing(campaign_pk: int) -> None:
    transaction.on_commit(partial(_hint, CLOSE_CAMPAIGN, campaign_pk))


def _hint(task: str, pk: int) -> None:
    try:
        current_app.send_task(task, args=[pk])
    except (OperationalError, OSError) as error:
        logger.warning("The broker did not take the hint %s(%s): %s", task, pk, error)
