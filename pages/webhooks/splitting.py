"""Posts taken apart: each event becomes a row of its own, once, however often and in however many posts it is told."""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from pages.models import Connection, WebhookEvent, WebhookPost
from pages.models.webhook import PostState
from pages.webhooks import failing
from pages.webhooks.admitting import admitted
from pages.webhooks.decoding import Unreadable, decode
from pages.webhooks.keys import key_of
from pages.webhooks.parsing import kind_of, parse
from pages.webhooks.told import LONGEST_ID
from pages.webhooks.unpacking import PAGE_ID, RawEvent, events_in

logger = logging.getLogger(__name__)

# Rows of one statement; SQLite takes 32,766 values in each.
ROWS = 500
# The last sign of life of a page is written once in so long, so that a page's events don't wait for one row.
SIGN_OF_LIFE = timedelta(minutes=1)


def split_next(*, now: datetime) -> bool:
    """Takes the oldest post that nobody else works at apart. False: there is none.

    What can't be read is kept whole, with the reason, and stands in nobody's way.
    """
    with transaction.atomic():
        waiting = WebhookPost.objects.filter(state=PostState.RECEIVED).order_by("pk")
        post = waiting.select_for_update(skip_locked=True).first()
        if post is None:
            return False
        try:
            with transaction.atomic():
                _split(post, now)
        except (OperationalError, InterfaceError):
            # Nothing is wrong with the post.
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the posts behind this one don't wait for it)
            _give_up(post, error)
    return True


def _split(post: WebhookPost, now: datetime) -> None:
    rows = [_row(raw, post.received_at, now) for raw in events_in(decode(bytes(post.body)))]
    # Two posts with the same events in different orders would wait for each other.
    rows.sort(key=lambda row: row.key)
    WebhookEvent.objects.bulk_create(admitted(rows), batch_size=ROWS, ignore_conflicts=True)
    _note_sign_of_life({row.page_id for row in rows}, post.received_at)
    WebhookPost.objects.filter(pk=post.pk).move(PostState.SPLIT, body=b"", error="")


def _row(raw: RawEvent, received_at: datetime, now: datetime) -> WebhookEvent:
    event = parse(raw, received_at=received_at)
    return WebhookEvent(
        key=key_of(event, raw),
        page_id=event.page_id[:PAGE_ID],
        psid=event.psid[:LONGEST_ID],
        kind=kind_of(event),
        happened_at=event.at,
        received_at=received_at,
        body=raw.body,
        standby=raw.standby,
        next_try_at=now,
    )


def _note_sign_of_life(page_ids: set[str], at: datetime) -> None:
    stale = Q(last_event_at=None) | Q(last_event_at__lt=at - SIGN_OF_LIFE)
    Connection.objects.filter(stale, page__page_id__in=page_ids).update(last_event_at=at)


def _give_up(post: WebhookPost, error: Exception) -> None:
    words = str(error) if isinstance(error, Unreadable) else failing.words_of(error)
    WebhookPost.objects.filter(pk=post.pk).move(PostState.UNREADABLE, error=words)
    logger.warning("The webhook call #%s could not be read: %s", post.pk, type(error).__name__)
