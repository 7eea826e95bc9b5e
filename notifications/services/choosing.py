"""Which of a page's rows may be sent next."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.pace import HORIZON, Pace
from notifications.querysets import DeliveryQuerySet
from notifications.quiet_hours import quiet_until
from notifications.services import due, installation, slices, sql
from notifications.services.due import Candidate
from notifications.states import CampaignState, DeliveryState
from pages.models import Link
from pages.states import PageState

FIELDS = (
    "page_id",
    "quiet_from",
    "quiet_until",
    "messages_per_second",
    "next_send_at",
    "canary_size",
    "canary_passed_at",
)


# The page's running campaigns that have rows; and whether one has a pace, quiet hours or a first slice of its own.
_AWAKE = """
SELECT c.id, c.quiet_from IS NOT NULL OR c.messages_per_second IS NOT NULL
    OR c.canary_size IS NOT NULL AND c.canary_passed_at IS NULL
FROM notifications_campaign c JOIN notifications_tally t ON t.campaign_id = c.id
WHERE c.page_id = %(page)s AND c.state = %(running)s AND (c.rests_until IS NULL OR c.rests_until <= {now})
    AND t.queued > 0
ORDER BY RANDOM()
"""
_MAY_SEND = """
SELECT 1 FROM pages_page p
WHERE p.id = %(page)s AND p.state = %(active)s
    AND EXISTS (SELECT 1 FROM pages_link l WHERE l.page_id = p.id AND l.closed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM notifications_installation i WHERE i.id = %(one)s AND NOT i.armed)
"""


@dataclass(slots=True, kw_only=True)
class _Source:
    """The due rows of one campaign, how many of them may be taken, and its own pace where it keeps one.

    `only` are the ids of a first slice that is being tried.
    """

    campaign_pk: int
    only: list[int] | None
    room: int
    pace: Pace | None


@dataclass(slots=True)
class Choice:
    """The rows, and the campaigns that they were sought in. Their paces count in seconds from now."""

    rows: list[Candidate] = field(default_factory=list)
    sources: list[_Source] = field(default_factory=list)

    def paces(self) -> dict[int, Pace]:
        """The own paces, by campaign id."""
        return {source.campaign_pk: source.pace for source in self.sources if source.pace}

    def wait(self) -> float | None:
        """When a campaign that its own pace held back has room again, in seconds; None: none was held back."""
        held_back = [source.pace for source in self.sources if source.pace and not source.room]
        return min((pace.until_room(0.0) for pace in held_back), default=None)


def may_send(page_pk: int) -> bool:
    """Whether the page is linked to a site and not on hold, and this database is no restored copy."""
    return bool(sql.run(_MAY_SEND, {"page": page_pk, "active": PageState.ACTIVE, "one": installation.THE_ONE}))


def has_due(page_pk: int, now: datetime) -> bool:
    """Whether the page has a row that may be marked at `now` or soon after, as far as campaign and time go."""
    if _queued(page_pk, now).filter(campaign=None).exists():
        return True
    return any(_rows(campaign, now, 1).exists() for campaign in _awake(page_pk, now))


def choose(page_pk: int, now: datetime, most: int, *, ahead: float = 0.0, through_facebook: bool = False) -> Choice:
    """Transactional rows first; what room is left is shared evenly among the page's running campaigns.

    What one of them leaves of its share goes to the others. None is given more than its own pace has room for, which
    begins `ahead` seconds from now: nothing of the page leaves before.
    """
    common = {"page": page_pk, "now": now}
    choice = Choice(_transactional(common, most, through_facebook=through_facebook))
    if len(choice.rows) < most:
        choice.sources = [_source(campaign, now, most, ahead) for campaign in _awake(page_pk, now)]
    sources = [source for source in choice.sources if source.room]
    while sources and len(choice.rows) < most:
        share = -(-(most - len(choice.rows)) // len(sources))
        not_empty = []
        for source in sources:
            condition, values = _of_campaign(source, choice.rows)
            room = min(share, most - len(choice.rows), source.room)
            found = due.rows(condition, common | values | {"most": room}, through_facebook=through_facebook)
            choice.rows += found
            source.room -= len(found)
            if len(found) == share and source.room:
                not_empty.append(source)
        sources = not_empty
    return choice


def _source(campaign: Campaign, now: datetime, most: int, ahead: float) -> _Source:
    pace = _own_pace(campaign, now, ahead) if campaign.messages_per_second else None
    room = pace.room(0.0, most) if pace else most
    return _Source(campaign_pk=campaign.pk, only=_slice(campaign, now, most), room=room, pace=pace)


def _own_pace(campaign: Campaign, now: datetime, ahead: float) -> Pace:
    """It goes on where the last batch left it, whoever marked that; a clock that jumped delays it by one message."""
    per_second = campaign.messages_per_second or 1
    left_at = (campaign.next_send_at - now) / timedelta(seconds=1) if campaign.next_send_at else 0.0
    return Pace(per_second=per_second, next_at=max(ahead, min(left_at, HORIZON + 1 / per_second)))


def _queued(page_pk: int, now: datetime) -> DeliveryQuerySet:
    return Delivery.objects.filter(page_id=page_pk, state=DeliveryState.QUEUED, due_at__lte=now)


def _rows(campaign: Campaign, now: datetime, most: int) -> DeliveryQuerySet:
    """The campaign's due rows; of one that is tried out first, at most `most` of its first slice."""
    rows = _queued(campaign.page_id, now).filter(campaign_id=campaign.pk)
    only = _slice(campaign, now, most)
    return rows if only is None else rows.filter(pk__in=only)


def _slice(campaign: Campaign, now: datetime, most: int) -> list[int] | None:
    """At most `most` due rows of the first slice, where only that may leave yet."""
    if campaign.canary_size and not campaign.canary_passed_at:
        return slices.due(campaign.pk, campaign.canary_size, now, most)
    return None


def _transactional(common: dict[str, object], most: int, *, through_facebook: bool) -> list[Candidate]:
    """Replies first: somebody who wrote waits for an answer. There are none but through Facebook."""
    if not through_facebook:
        return due.rows(due.TRANSACTIONAL, common | {"most": most}, through_facebook=False)
    replies = due.rows(due.REPLIES, common | {"most": most}, through_facebook=True)
    left = most - len(replies)
    others = due.rows(due.TRANSACTIONAL_BUT_REPLIES, common | {"most": left}, through_facebook=True) if left else []
    return replies + others


def _of_campaign(source: _Source, taken: list[Candidate]) -> tuple[str, dict[str, object]]:
    """The condition on the campaign's rows that were not taken yet, and its values."""
    conditions, values = [due.CAMPAIGN], dict[str, object](campaign=source.campaign_pk)
    before = [row.pk for row in taken if row.campaign_id == source.campaign_pk]
    if before:
        conditions.append(f"NOT d.id {sql.among('before')}")
        values["before"] = sql.ids(before)
    if source.only is not None:
        conditions.append(f"d.id {sql.among('only')}")
        values["only"] = sql.ids(source.only)
    return " AND ".join(conditions), values


def _awake(page_pk: int, now: datetime) -> list[Campaign]:
    """The page's running campaigns that have rows and no quiet hours now.

    They come in another order each time: where there is less room than campaigns, each has its turn.
    """
    rows = sql.run(_AWAKE.format(now=sql.time("now")), {"page": page_pk, "now": now, "running": CampaignState.RUNNING})
    of_their_own = [pk for pk, has_its_own in rows if has_its_own]
    known = Campaign.objects.only(*FIELDS).in_bulk(of_their_own) if of_their_own else {}
    running = [known.get(pk) or Campaign(pk=pk, page_id=page_pk) for pk, _own in rows]
    zone = _zone(page_pk) if any(campaign.quiet_from for campaign in running) else None
    return [campaign for campaign in running if zone is None or not _rests(campaign, zone, now)]


def _zone(page_pk: int) -> ZoneInfo:
    link = Link.objects.open().filter(page_id=page_pk).select_related("site").first()
    return link.site.zone if link else ZoneInfo(timezone.get_default_timezone_name())


def _rests(campaign: Campaign, zone: ZoneInfo, now: datetime) -> bool:
    """Whether its quiet hours have begun. Written down, so that nobody looks at it again before they end."""
    hours = {"quiet_from": campaign.quiet_from, "quiet_until": campaign.quiet_until}
    if campaign.quiet_from is None or campaign.quiet_until is None:
        return False
    ends = quiet_until(now, zone=zone, start=campaign.quiet_from, end=campaign.quiet_until)
    if ends:
        Campaign.objects.filter(pk=campaign.pk, **hours).update(rests_until=ends)
    return ends is not None
