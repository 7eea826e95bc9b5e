"""What an act on a campaign will do, in sentences with numbers: read before it is confirmed."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin import times
from notifications.admin.campaigns.outlook import Outlook, late_words, outlook
from notifications.admin.campaigns.progress import tally_of
from notifications.admin.numbers import grouped
from notifications.models import Campaign
from notifications.services.launchability import audience, of_another_purpose
from notifications.states import LEFT, AudienceKind, Halt


def audience_words(count: int, reachable: int | None = None) -> str:
    """`reachable` of them Facebook lets it reach."""
    if not count:
        return _("Nobody will receive it: no active opt-in matches.")
    if reachable is not None and reachable < count:
        words = ngettext(
            "%(reachable)s of %(count)s customer can receive it.",
            "%(reachable)s of %(count)s customers can receive it.",
            count,
        )
        return words % {"reachable": grouped(reachable), "count": grouped(count)}
    words = ngettext("%(count)s customer will receive it.", "%(count)s customers will receive it.", count)
    return words % {"count": grouped(count)}


def left_out_words(campaign: Campaign, *, now: datetime) -> list[str]:
    """Nothing where the purpose leaves nobody out."""
    count = of_another_purpose(campaign, now=now)
    words = ngettext(
        "%(count)s customer is left out, who agreed to be written to for something else only.",
        "%(count)s customers are left out, who agreed to be written to for something else only.",
        count,
    )
    return [words % {"count": grouped(count)}] if count else []


def audience_kind_words(campaign: Campaign) -> str:
    if campaign.audience_kind == AudienceKind.ALL:
        return _("Everyone who opted in on %(page)s") % {"page": campaign.page.name}
    return _("Those on %(page)s whose customer_id begins with %(prefix)s") % {
        "page": campaign.page.name,
        "prefix": campaign.audience_prefix,
    }


def of_launching(campaign: Campaign, *, now: datetime) -> Outlook:
    count = audience(campaign, now=now).count()
    ahead = outlook(campaign, count, start=now, now=now)
    return Outlook(
        consequences=[
            audience_words(count, ahead.reachable),
            _("It goes to: %(audience)s.") % {"audience": audience_kind_words(campaign)},
            *left_out_words(campaign, now=now),
            *ahead.consequences,
            _("The message is frozen as it is now. What has been sent can't be taken back."),
        ],
        warnings=ahead.warnings,
    )


def of_scheduling(campaign: Campaign, *, now: datetime) -> Outlook:
    count = audience(campaign, now=now).count()
    at = campaign.scheduled_for or now
    ahead = outlook(campaign, count, start=at, now=now)
    return Outlook(
        consequences=[
            _("It starts by itself on %(when)s.")
            % {"when": times.said_to_the_minute(at, times.zone_of(campaign.page))},
            _("Today: %(audience)s Who opts in or out before then counts.")
            % {"audience": audience_words(count, ahead.reachable)},
            *left_out_words(campaign, now=now),
            *ahead.consequences,
            late_words(campaign),
            _("The message is frozen as it is now. To change it, make the campaign a draft again first."),
        ],
        warnings=ahead.warnings,
    )


def of_unscheduling(campaign: Campaign, *, now: datetime) -> Outlook:
    return _told(_("Nothing has been sent, and nothing will be: it becomes a draft again that you can change."))


def of_pausing(campaign: Campaign, *, now: datetime) -> Outlook:
    tally = tally_of(campaign)
    waiting = ngettext(
        "%(count)s message that waits stays where it is until somebody resumes the campaign.",
        "%(count)s messages that wait stay where they are until somebody resumes the campaign.",
        tally.queued,
    )
    return _told(waiting % {"count": grouped(tally.queued)}, *_leaving_words(tally.dispatching))


def of_resuming(campaign: Campaign, *, now: datetime) -> Outlook:
    tally = tally_of(campaign)
    waiting = ngettext(
        "%(count)s message that waits will be sent; nobody receives it twice.",
        "%(count)s messages that wait will be sent; nobody receives it twice.",
        tally.queued,
    )
    # Whoever resumes it after its first slice has looked at that.
    looked = campaign.halt == Halt.CANARY or campaign.canary_passed_at is not None
    ahead = outlook(campaign, tally.queued, start=now, now=now, looked=looked)
    return Outlook(
        consequences=[waiting % {"count": grouped(tally.queued)}, *ahead.consequences], warnings=ahead.warnings
    )


def of_cancelling(campaign: Campaign, *, now: datetime) -> Outlook:
    tally = tally_of(campaign)
    if campaign.launched_at is None:
        return _told(_("Nothing has been sent, and nothing will be."), _("This can't be undone."))
    waiting = ngettext(
        "%(count)s message that waits will never be sent.",
        "%(count)s messages that wait will never be sent.",
        tally.queued,
    )
    left = sum(tally.by_state()[state] for state in LEFT)
    sent = ngettext(
        "%(count)s message has been sent and can't be taken back.",
        "%(count)s messages have been sent and can't be taken back.",
        left,
    )
    return _told(
        waiting % {"count": grouped(tally.queued)},
        sent % {"count": grouped(left)},
        *_leaving_words(tally.dispatching),
        _("This can't be undone."),
    )


def _told(*consequences: str) -> Outlook:
    return Outlook(consequences=list(consequences), warnings=[])


def _leaving_words(count: int) -> list[str]:
    if not count:
        return []
    words = ngettext(
        "%(count)s message that is being sent this moment still goes out.",
        "%(count)s messages that are being sent this moment still go out.",
        count,
    )
    return [words % {"count": grouped(count)}]
