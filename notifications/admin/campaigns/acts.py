"""What can be done to a campaign: one table for the buttons, the questions before and the words after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from notifications.admin.campaigns import consequences
from notifications.admin.campaigns.outlook import Outlook
from notifications.models import Campaign
from notifications.services import campaigns
from notifications.states import CampaignState

C = CampaignState
Words = str | StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`origins` are the states in which it is offered; `perform` returns False when somebody else was first."""

    name: str
    label: Words
    question: Words
    done: Words
    icon: str
    tone: str
    origins: frozenset[CampaignState]
    consequences: Callable[..., Outlook]
    perform: Callable[..., bool]
    # Both need an audience and a page that can send: what stands against it is said before it is tried.
    starts: bool = False

    def is_offered(self, campaign: Campaign) -> bool:
        if self.name == "schedule" and campaign.scheduled_for is None:
            return False
        return campaign.state in self.origins


def _schedule(*, campaign: Campaign, actor: AbstractBaseUser, now: datetime) -> bool:
    if campaign.scheduled_for is None:
        return False
    return campaigns.schedule(campaign=campaign, at=campaign.scheduled_for, actor=actor, now=now)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(
            name="schedule",
            label=gettext_lazy("Schedule"),
            question=gettext_lazy("Schedule “%(name)s”?"),
            done=gettext_lazy("“%(name)s” is scheduled."),
            icon="schedule_send",
            tone="primary",
            origins=frozenset({C.DRAFT}),
            consequences=consequences.of_scheduling,
            perform=_schedule,
            starts=True,
        ),
        Act(
            name="launch",
            label=gettext_lazy("Launch now"),
            question=gettext_lazy("Launch “%(name)s” now?"),
            done=gettext_lazy("“%(name)s” is on its way."),
            icon="send",
            tone="primary",
            origins=frozenset({C.DRAFT, C.SCHEDULED}),
            consequences=consequences.of_launching,
            perform=campaigns.launch,
            starts=True,
        ),
        Act(
            name="resume",
            label=gettext_lazy("Resume"),
            question=gettext_lazy("Resume “%(name)s”?"),
            done=gettext_lazy("“%(name)s” goes on."),
            icon="play_arrow",
            tone="primary",
            origins=frozenset({C.PAUSED}),
            consequences=consequences.of_resuming,
            perform=campaigns.resume,
        ),
        Act(
            name="pause",
            label=gettext_lazy("Pause"),
            question=gettext_lazy("Pause “%(name)s”?"),
            done=gettext_lazy("“%(name)s” is paused."),
            icon="pause",
            tone="default",
            origins=frozenset({C.RUNNING}),
            consequences=consequences.of_pausing,
            perform=campaigns.pause,
        ),
        Act(
            name="unschedule",
            label=gettext_lazy("Back to draft"),
            question=gettext_lazy("Take “%(name)s” off the schedule?"),
            done=gettext_lazy("“%(name)s” is a draft again."),
            icon="event_busy",
            tone="default",
            origins=frozenset({C.SCHEDULED}),
            consequences=consequences.of_unscheduling,
            perform=campaigns.unschedule,
        ),
        Act(
            name="cancel",
            label=gettext_lazy("Cancel campaign"),
            question=gettext_lazy("Cancel “%(name)s” for good?"),
            done=gettext_lazy("“%(name)s” is cancelled."),
            icon="cancel",
            tone="danger",
            origins=frozenset({C.SCHEDULED, C.RUNNING, C.PAUSED}),
            consequences=consequences.of_cancelling,
            perform=campaigns.cancel,
        ),
    )
}


def offered(campaign: Campaign) -> list[Act]:
    return [act for act in ACTS.values() if act.is_offered(campaign)]


def overtaken_words(campaign: Campaign) -> str:
    """What somebody else did first, told from where the campaign is now."""
    told = {
        C.DRAFT: _("Somebody made it a draft again a moment ago."),
        C.SCHEDULED: _("Somebody scheduled it a moment ago."),
        C.RUNNING: _("Somebody launched or resumed it a moment ago."),
        C.PAUSED: _("It paused by itself a moment ago.") if campaign.halt else _("Somebody paused it a moment ago."),
        C.FINISHED: _("It finished a moment ago."),
        C.CANCELLED: _("Somebody cancelled it a moment ago."),
    }[CampaignState(campaign.state)]
    return _("Nothing was changed. %(what)s") % {"what": told}
