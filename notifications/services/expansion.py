"""From a campaign's audience to its rows: set-based, in keyset chunks, to be resumed at any point.

The audience was frozen at launch: opt-ins up to `audience_ceiling` that had agreed by then. One that is revoked
later has its row skipped when its turn comes.
"""

import time
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from notifications import hints
from notifications.models import Campaign
from notifications.services import installation, ledger, sql
from notifications.states import AudienceKind, CampaignState, DeliveryState, Origin
from optins.models import OptIn
from optins.states import OptInState, Purpose

# Where rows are made: a paused campaign's wait.
GOING = (CampaignState.RUNNING, CampaignState.PAUSED)
# Seconds after which a long expansion makes room for other work in its worker.
SLICE = 2.0

# Due since the launch: a worker whose clock runs ahead must not put its rows off.
_INSERT = """
INSERT INTO notifications_delivery
    (page_id, optin_id, content_id, campaign_id, origin, state, reason, detail, created_at, due_at, expires_at,
     attempts, provider_message_id)
SELECT o.page_id, o.id, %(content)s, %(campaign)s, %(origin)s, %(queued)s, '', '', {now}, {launched}, {useful_until},
       0, ''
FROM optins_optin o
WHERE o.page_id = %(page)s AND o.state = %(active)s AND o.id > %(after)s AND o.id <= %(upper)s
    AND (o.purpose = %(purpose)s OR o.purpose = %(any_purpose)s)
    AND o.agreed_at <= {launched} AND (o.expires_at IS NULL OR o.expires_at > {now}) {prefix}
ON CONFLICT DO NOTHING
"""
# Exact to the letter on every database: LIKE ignores the case of ASCII letters on SQLite.
_PREFIX = "AND SUBSTR(o.customer_id, 1, LENGTH(%(prefix)s)) = %(prefix)s"


def expand(campaign_pk: int) -> None:
    """Makes rows for a slice of time and hands on. Harmless to call any number of times, anywhere, at once."""
    ends_at = time.monotonic() + SLICE
    while time.monotonic() < ends_at:
        campaign = _unexpanded(campaign_pk)
        if campaign is None:
            return
        if expand_chunk(campaign=campaign, now=timezone.now()):
            hints.kick_page(campaign.page_id)
        if not campaign.expanded_to:
            # The first messages leave before the rest is expanded, even where one worker does both.
            break
    hints.kick_expansion(campaign_pk)


def _unexpanded(campaign_pk: int) -> Campaign | None:
    """Nothing in a restored copy: what its original made rows for and sent is not known there."""
    rows = Campaign.objects.filter(pk=campaign_pk, expanded_at=None, state__in=GOING)
    return rows.first() if installation.is_armed() else None


def expand_chunk(*, campaign: Campaign, now: datetime) -> int:
    """Makes the rows of the next chunk of opt-ins; returns how many. Of two at once, one moves the cursor."""
    upper = _upper_bound(campaign)
    with transaction.atomic():
        mine = Campaign.objects.filter(pk=campaign.pk, expanded_to=campaign.expanded_to, expanded_at=None)
        going = mine.filter(state__in=GOING)
        done = upper >= (campaign.audience_ceiling or 0)
        if not going.update(expanded_to=upper, expanded_at=now if done else None):
            return 0
        made = _insert(campaign, upper, now)
        ledger.shift(campaign.pk, {DeliveryState.QUEUED: made})
        return made


def _upper_bound(campaign: Campaign) -> int:
    """The id that ends the next chunk."""
    ceiling = campaign.audience_ceiling or 0
    rest = OptIn.objects.filter(
        page_id=campaign.page_id, state=OptInState.ACTIVE, pk__gt=campaign.expanded_to, pk__lte=ceiling
    )
    last = rest.order_by("pk").values_list("pk", flat=True)[settings.EXPANSION_CHUNK - 1 : settings.EXPANSION_CHUNK]
    return next(iter(last), ceiling)


def _insert(campaign: Campaign, upper: int, now: datetime) -> int:
    by_prefix = campaign.audience_kind == AudienceKind.PREFIX
    statement = _INSERT.format(
        now=sql.time("now"),
        launched=sql.time("launched"),
        useful_until=sql.time("useful_until"),
        prefix=_PREFIX if by_prefix else "",
    )
    times = {"now": now, "launched": campaign.launched_at, "useful_until": campaign.useful_until}
    values = {
        "content": campaign.content_id,
        "campaign": campaign.pk,
        "origin": Origin.CAMPAIGN.value,
        "queued": DeliveryState.QUEUED.value,
        "page": campaign.page_id,
        "active": OptInState.ACTIVE.value,
        "after": campaign.expanded_to,
        "upper": upper,
        "prefix": campaign.audience_prefix,
        "purpose": campaign.purpose,
        "any_purpose": Purpose.MARKETING.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, **sql.stored(times)})
        return int(cursor.rowcount)
