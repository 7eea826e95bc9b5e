"""What a page's stated policy does with doubts that nobody decided in time.

Only doubts that sending left: what a restored copy holds back waits for the person who let it send again. A delivery
is sent again once; a doubt that comes back waits for a person.
"""

from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, Q

from notifications.models import Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.reasons import Reason
from notifications.services import doubts
from notifications.states import DeliveryState
from pages import audit
from pages.models import Page
from pages.states import DoubtPolicy

# Chunks that one page gets in one sweep; the next goes on.
MOST_CHUNKS = 20


def apply_policies(now: datetime) -> int:
    """Decides what is old enough, page by page; returns how many deliveries."""
    doubts_of_it = _doubts().filter(page_id=OuterRef("pk"))
    deciding = Page.objects.filter(Exists(doubts_of_it)).exclude(doubt_policy=DoubtPolicy.ASK)
    return sum(_apply(page, now) for page in deciding.defer("token"))


def _apply(page: Page, now: datetime) -> int:
    decision = _decision(page, now)
    chunks = doubts.in_chunks(rows=overdue(page, now), decision=decision, actor=None, now=now, oldest=True)
    done = sum(len(ids) for ids in islice(chunks, MOST_CHUNKS))
    if done:
        # One line for all of them: each has the reason beside it.
        audit.record(actor=None, action="page.doubts_decided", subject=page, policy=page.doubt_policy, deliveries=done)
    return done


def _decision(page: Page, now: datetime) -> doubts.Decision:
    if page.doubt_policy == DoubtPolicy.TREAT_AS_SENT:
        return doubts.taken_as_sent(Reason.TREATED_AS_SENT_BY_POLICY, now)
    return doubts.queued_again(Reason.SENT_AGAIN_BY_POLICY, now, policy_sent_again_at=now)


def _doubts() -> DeliveryQuerySet:
    """In the words of the index delivery_doubts."""
    return Delivery.objects.filter(state=DeliveryState.UNKNOWN).exclude(reason=Reason.RESTORED)


def overdue(page: Page, now: datetime) -> DeliveryQuerySet:
    """The page's doubts that the policy decides at `now`."""
    since = now - timedelta(minutes=page.doubt_minutes)
    rows = _doubts().filter(page=page, ended_at__lte=since)
    if page.doubt_policy == DoubtPolicy.SEND_AGAIN:
        useful = Q(expires_at=None) | Q(expires_at__gt=now)
        return rows.filter(useful, policy_sent_again_at=None)
    return rows
