"""Changing how, or when, a campaign goes out, without taking it back: while it is scheduled, running or paused."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from notifications import hints
from notifications.models import Campaign
from notifications.services.launchability import CannotLaunch, problems_at
from notifications.states import CampaignState
from pages import audit

C = CampaignState

ADJUSTABLE = frozenset({C.SCHEDULED, C.RUNNING, C.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a campaign goes out. None is: at the page's own pace; without quiet hours; whatever fails."""

    messages_per_second: int | None
    quiet_from: time | None
    quiet_until: time | None
    failure_ceiling: int | None


def manner_of(campaign: Campaign) -> Manner:
    return Manner(**{name: getattr(campaign, name) for name in Manner.__dataclass_fields__})


def adjust(*, campaign: Campaign, manner: Manner, actor: AbstractBaseUser, now: datetime) -> bool:
    """Takes effect with the next batch of the page's pump. False: it ended, or somebody else adjusted it meanwhile."""
    was = manner_of(campaign)
    with transaction.atomic():
        as_seen = Campaign.objects.filter(pk=campaign.pk, state__in=ADJUSTABLE, **asdict(was))
        # A rest found under the old hours is looked for anew under the new ones.
        if not as_seen.update(**asdict(manner), rests_until=None):
            return False
        if manner != was:
            audit.record(actor=actor, action="campaign.adjusted", subject=campaign, **_changes(was, manner))
            hints.kick_page(campaign.page_id)
    campaign.refresh_from_db()
    return True


def _changes(was: Manner, manner: Manner) -> dict[str, list[int | str | None]]:
    """Each that changed: before and after."""
    before, after = asdict(was), asdict(manner)
    return {name: [_plain(before[name]), _plain(after[name])] for name in before if before[name] != after[name]}


def _plain(value: int | time | None) -> int | str | None:
    return value.isoformat("minutes") if isinstance(value, time) else value


def reschedule(*, campaign: Campaign, at: datetime, actor: AbstractBaseUser, now: datetime) -> bool:
    """Gives a scheduled campaign another time; what was frozen stays. False: it was not scheduled any more.

    A campaign that waits because its time was missed is then looked at again. Raises CannotLaunch.
    """
    if problems := problems_at(campaign, at=at, now=now):
        raise CannotLaunch(problems)
    with transaction.atomic():
        scheduled = Campaign.objects.filter(pk=campaign.pk, state=C.SCHEDULED, scheduled_for=campaign.scheduled_for)
        if not scheduled.update(scheduled_for=at, halt="", halt_detail={}):
            return False
        audit.record(actor=actor, action="campaign.rescheduled", subject=campaign, at=at.isoformat())
    campaign.refresh_from_db()
    return True
