"""Why a campaign stands still without a person's doing, and what there is to do, in the reader's language."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin import times
from notifications.admin.campaigns import progress
from notifications.admin.numbers import grouped
from notifications.launch_problems import read
from notifications.models import Campaign
from notifications.states import CampaignState, DeliveryState, Halt

# States in which a halt needs a person; one that was cancelled or has ended only tells why.
WAITING = frozenset({CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """`links` are label and address of what to look at; `points` are single reasons where there are several."""

    title: str
    words: str = ""
    points: tuple[str, ...] = ()
    advice: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())


def words(campaign: Campaign) -> str:
    """One sentence or more, for a line; empty where it does not stand still by itself."""
    halt = standstill(campaign)
    return " ".join(part for part in (halt.words, *halt.points) if part) or halt.title if halt else ""


def in_short(campaign: Campaign) -> str:
    """For a cell: the figures where there are some, or else what happened."""
    halt = standstill(campaign)
    counted = campaign.halt in (Halt.FAILURES, Halt.CANARY)
    return ((counted and halt.words) or halt.title) if halt else ""


def waits(campaign: Campaign) -> bool:
    """Whether it stands still until a person decides."""
    return bool(campaign.halt) and campaign.state in WAITING


def standstill(campaign: Campaign) -> Standstill | None:
    """For the campaign's own page."""
    told = {Halt.REFUSED: _refused, Halt.LATE: _late, Halt.FAILURES: _failures, Halt.CANARY: _canary}
    return told[Halt(campaign.halt)](campaign) if campaign.halt else None


def _refused(campaign: Campaign) -> Standstill:
    return Standstill(
        title=_("It was not launched at its time"),
        points=tuple(read(stored) for stored in campaign.halt_detail.get("problems", [])),
        advice=_("Mend that, then launch it, or give it another time."),
    )


def _late(campaign: Campaign) -> Standstill:
    at = campaign.scheduled_for
    when = times.said_to_the_minute(at, times.zone_of(campaign.page)) if at else "–"
    if campaign.state == CampaignState.CANCELLED:
        return Standstill(
            title=_("It was not sent"),
            words=_("Nothing ran at its time, %(when)s, and it was not to be sent late.") % {"when": when},
            advice=_("To send it all the same, duplicate it and launch the copy."),
        )
    return Standstill(
        title=_("Its time has passed"),
        words=_("It was to start on %(when)s, and nothing ran then.") % {"when": when},
        advice=_("Launch it now if it still makes sense, give it another time, make it a draft again, or cancel it."),
    )


def _failures(campaign: Campaign) -> Standstill:
    failed, ended = campaign.halt_detail.get("failed"), campaign.halt_detail.get("ended")
    figures = ""
    if failed is not None and ended is not None:
        shown = ngettext(
            "%(failed)s of the latest %(ended)s failed or is in doubt.",
            "%(failed)s of the latest %(ended)s failed or are in doubt.",
            failed,
        )
        figures = shown % {"failed": grouped(failed), "ended": grouped(ended)}
    return Standstill(
        title=_("Too many failures: it paused by itself"),
        words=figures,
        advice=_(
            "Look at the reasons below and mend what can be mended. Then resume it: it goes on where it stopped, and "
            "nobody receives it twice."
        ),
        links=(
            (_("Those that failed"), progress.history_url(campaign, DeliveryState.FAILED)),
            (_("Those in doubt"), progress.history_url(campaign, DeliveryState.UNKNOWN)),
        ),
    )


def _canary(campaign: Campaign) -> Standstill:
    size = campaign.halt_detail.get("size") or campaign.canary_size or 0
    shown = ngettext("The first %(count)s has gone: %(numbers)s.", "The first %(count)s have gone: %(numbers)s.", size)
    numbers = progress.in_numbers(progress.tally_of(campaign))
    return Standstill(
        title=_("The first slice was sent"),
        words=shown % {"count": grouped(size), "numbers": numbers},
        advice=_("Look at them. If they are as they should be, resume it: the rest leaves. If not, cancel it."),
        links=((_("See them"), progress.history_url(campaign)),),
    )
