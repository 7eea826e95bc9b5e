"""Which of a page's rows may be sent next."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists
from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.pace import HORIZON, Pace
from notifications.querysets import DeliveryQuerySet
from notifications.quiet_hours import quiet_until
from notifications.services import installation, slices
from notifications.states import DeliveryState
from pages.models import Link, Page
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


@dataclass(slots=True, kw_only=True)
class _Source:
    """Due rows of one campaign, how many of them may be taken, and its own pace where it keeps one."""

    campaign_pk: int
    rows: DeliveryQuerySet
    room: int
    pace: Pace | None


@dataclass(slots=True)
class Choice:
    """The rows, and the campaigns that they were sought in. Their paces count in seconds from now."""

    ids: list[int] = field(default_factory=list)
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
    page = Page.objects.linked().filter(pk=page_pk, state=PageState.ACTIVE)
    return page.exclude(Exists(installation.DISARMED)).exists()


def has_due(page_pk: int, now: datetime) -> bool:
    """Whether the page has a row that may be marked at `now` or soon after, as far as campaign and time go."""
    if _queued(page_pk, now).filter(campaign=None).exists():
        return True
    return any(_rows(campaign, now, 1).exists() for campaign in _awake(page_pk, now))


def choose(page_pk: int, now: datetime, most: int, *, ahead: float = 0.0) -> Choice:
    """Transactional rows first; what room is left is shared evenly among the page's running campaigns.

    What one of them leaves of its share goes to the others. None is given more than its own pace has room for, which
    begins `ahead` seconds from now: nothing of the page leaves before.
    """
    choice = Choice(_locked(_queued(page_pk, now).filter(campaign=None), most))
    if len(choice.ids) < most:
        choice.sources = [_source(campaign, now, most, ahead) for campaign in _awake(page_pk, now)]
    sources = [source for source in choice.sources if source.room]
    while sources and len(choice.ids) < most:
        share = -(-(most - len(choice.ids)) // len(sources))
        not_empty = []
        for source in sources:
            asked = min(share, source.room, most - len(choice.ids))
            found = _locked(source.rows.exclude(pk__in=choice.ids), asked)
            choice.ids += found
            source.room -= len(found)
            if len(found) == share and source.room:
                not_empty.append(source)
        sources = not_empty
    return choice


def _source(campaign: Campaign, now: datetime, most: int, ahead: float) -> _Source:
    pace = _own_pace(campaign, now, ahead) if campaign.messages_per_second else None
    room = pace.room(0.0, most) if pace else most
    return _Source(campaign_pk=campaign.pk, rows=_rows(campaign, now, most), room=room, pace=pace)


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
    if campaign.canary_size and not campaign.canary_passed_at:
        return rows.filter(pk__in=slices.due(campaign.pk, campaign.canary_size, now, most))
    return rows


def _locked(rows: DeliveryQuerySet, most: int) -> list[int]:
    due_first = rows.order_by("due_at", "pk").select_for_update(skip_locked=True)
    return list(due_first.values_list("pk", flat=True)[:most])


def _awake(page_pk: int, now: datetime) -> list[Campaign]:
    """The page's running campaigns that have rows and no quiet hours now.

    They come in another order each time: where there is less room than campaigns, each has its turn.
    """
    running = Campaign.objects.awake(now).filter(page_id=page_pk, tally__queued__gt=0).order_by("?").only(*FIELDS)
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
