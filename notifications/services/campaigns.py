"""A campaign's life: what a person asks for, and what follows from its rows."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from notifications import hints, payloads
from notifications.models import Campaign, Content, Delivery, Tally
from notifications.querysets import CampaignQuerySet
from notifications.services import ledger
from notifications.services.contents import freeze
from notifications.services.deliveries import obstacle_of
from notifications.states import AudienceKind, CampaignState, DeliveryState, Halt
from notifications.words import say
from optins.models import OptIn
from optins.querysets import OptInQuerySet
from optins.states import OptInState
from pages import audit

C = CampaignState

# Rows cancelled in one transaction.
CANCEL_CHUNK = 500


class CannotLaunch(Exception):
    """`problems` says, sentence by sentence, what stands in the way and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def audience(campaign: Campaign, *, now: datetime) -> OptInQuerySet:
    """The opt-ins that a launch at `now` would write to."""
    optins = OptIn.objects.active(now).filter(page_id=campaign.page_id)
    if campaign.audience_kind == AudienceKind.PREFIX:
        return optins.with_prefix(campaign.audience_prefix)
    return optins


def problems_of(campaign: Campaign, *, now: datetime) -> list[str]:
    """Why the campaign can't be launched at `now`, in the reader's language; empty when it can."""
    problems = [obstacle_of(campaign.page), *_problems_of_content(campaign)]
    if campaign.audience_kind == AudienceKind.PREFIX and not campaign.audience_prefix:
        problems.append(_("Say with what the customer_ids begin, or choose everyone."))
    elif not audience(campaign, now=now).exists():
        problems.append(_("Nobody in this audience has an active opt-in. Choose another audience or page."))
    if campaign.useful_until and campaign.useful_until <= now:
        problems.append(_("The time until which the message is useful has passed. Change it or leave it empty."))
    return [problem for problem in problems if problem]


def _problems_of_content(campaign: Campaign) -> list[str]:
    try:
        payloads.parse(_body_of(campaign))
    except payloads.PayloadError as error:
        return [
            _("The notification “%(name)s” can't be sent: %(problem)s")
            % {"name": campaign.notification.name, "problem": say(problem)}
            for problem in error.problems
        ]
    return []


def launch(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Freezes content and audience and lets the rows be made. False: somebody launched or changed it meanwhile."""
    problems = problems_of(campaign, now=now)
    if problems:
        raise CannotLaunch(problems)
    with transaction.atomic():
        ceiling = OptIn.objects.filter(page_id=campaign.page_id, state=OptInState.ACTIVE).aggregate(top=Max("pk"))
        launched = _as_judged(campaign).move(
            C.RUNNING,
            frm=C.SCHEDULED if campaign.state == C.SCHEDULED else C.DRAFT,
            content=_frozen(campaign) or freeze(payloads.parse(campaign.notification.body)),
            audience_ceiling=ceiling["top"] or 0,
            expanded_to=0,
            launched_at=now,
            launched_by_id=actor.pk if actor else campaign.launched_by_id,
            halt="",
            halt_detail={},
        )
        if not launched:
            return False
        Tally.objects.get_or_create(campaign_id=campaign.pk)
        audit.record(actor=actor, action="campaign.launched", subject=campaign)
        hints.kick_expansion(campaign.pk)
    return True


def _as_judged(campaign: Campaign) -> CampaignQuerySet:
    """The campaign, as long as it is what was looked at: to whom it goes, when, and for how long it is useful."""
    return _of(campaign).filter(
        page=campaign.page_id,
        audience_kind=campaign.audience_kind,
        audience_prefix=campaign.audience_prefix,
        useful_until=campaign.useful_until,
        scheduled_for=campaign.scheduled_for,
        content=campaign.content_id,
    )


def _frozen(campaign: Campaign) -> Content | None:
    """What was frozen when it was scheduled."""
    return campaign.content if campaign.state == C.SCHEDULED else None


def _body_of(campaign: Campaign) -> dict[str, Any]:
    """What a launch would send."""
    frozen = _frozen(campaign)
    return frozen.as_dict() if frozen else campaign.notification.body


def schedule(*, campaign: Campaign, at: datetime, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Freezes the content and waits for `at`. False: it was no draft any more, or somebody changed it meanwhile."""
    problems = problems_of(campaign, now=now)
    if at <= now:
        problems.append(_("The time to launch at has passed. Choose a later one, or launch now."))
    if campaign.useful_until and campaign.useful_until <= at:
        problems.append(_("The message would not be useful any more when it is launched. Change one of the times."))
    if problems:
        raise CannotLaunch(problems)
    with transaction.atomic():
        content = freeze(payloads.parse(campaign.notification.body))
        moved = _as_judged(campaign).move(
            C.SCHEDULED,
            scheduled_for=at,
            content=content,
            launched_by_id=actor.pk if actor else None,
            halt="",
            halt_detail={},
        )
        return _done(moved, campaign, actor, "campaign.scheduled", at=at.isoformat())


def unschedule(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Makes it a draft again. False: it was not scheduled any more."""
    with transaction.atomic():
        moved = _of(campaign).move(C.DRAFT, content=None, halt="", halt_detail={})
        return _done(moved, campaign, actor, "campaign.unscheduled")


def refuse(*, campaign: Campaign, problems: list[str], now: datetime) -> bool:
    """Makes a scheduled campaign that can't be launched at its time a draft again that says why."""
    with transaction.atomic():
        detail = {"problems": problems}
        moved = _of(campaign).move(C.DRAFT, content=None, halt=Halt.REFUSED, halt_detail=detail)
        return _done(moved, campaign, None, "campaign.unscheduled", **detail)


def pause(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Takes effect with the next batch of the page's pump. False: it was not running."""
    with transaction.atomic():
        moved = _of(campaign).move(C.PAUSED, halt="", halt_detail={})
        return _done(moved, campaign, actor, "campaign.paused")


def resume(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Goes on where it stopped. False: it was not paused."""
    with transaction.atomic():
        moved = _of(campaign).move(C.RUNNING, frm=C.PAUSED, halt="", halt_detail={})
        hints.kick_expansion(campaign.pk)
        hints.kick_page(campaign.page_id)
        return _done(moved, campaign, actor, "campaign.resumed")


def cancel(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """What has not left never will; what is leaving this instant still may. False: it had ended already."""
    with transaction.atomic():
        moved = _of(campaign).move(C.CANCELLED, finished_at=now, halt="", halt_detail={})
        hints.kick_closing(campaign.pk)
        return _done(moved, campaign, actor, "campaign.cancelled")


def cancel_rows(*, campaign_pk: int, now: datetime) -> int:
    """Cancels the queued rows of a cancelled campaign, a chunk to a transaction; returns how many.

    Forwards only: PostgreSQL reads its way through what earlier chunks left behind. A row that somebody else held, or
    that was queued again behind it, is found by the sweep.
    """
    total = last = 0
    while _of_pk(campaign_pk).filter(state=C.CANCELLED).exists():
        with transaction.atomic():
            queued = Delivery.objects.filter(campaign_id=campaign_pk, state=DeliveryState.QUEUED, pk__gt=last)
            locked = queued.order_by("pk").select_for_update(skip_locked=True)
            ids = list(locked.values_list("pk", flat=True)[:CANCEL_CHUNK])
            total += ledger.move(
                Delivery.objects.filter(pk__in=ids),
                DeliveryState.CANCELLED,
                frm=DeliveryState.QUEUED,
                campaign_id=campaign_pk,
                ended_at=now,
            )
        if not ids:
            break
        last = ids[-1]
    return total


def finish_if_done(*, campaign_pk: int, now: datetime) -> bool:
    """Finishes a running campaign of which no row can move any more."""
    with transaction.atomic():
        # Locked: whoever queues a row again at this instant waits, and then reopens the campaign.
        tally = Tally.objects.select_for_update().filter(pk=campaign_pk).first()
        if tally is None or tally.movable:
            return False
        done = _of_pk(campaign_pk).filter(expanded_at__isnull=False)
        return bool(done.move(C.FINISHED, finished_at=now))


def finish_done(*, now: datetime, page_pk: int | None = None) -> None:
    """Finishes every running campaign, of one page or of all, that came to its end."""
    done = Campaign.objects.running().filter(expanded_at__isnull=False, tally__queued=0, tally__dispatching=0)
    for campaign_pk in (done.filter(page_id=page_pk) if page_pk else done).values_list("pk", flat=True):
        finish_if_done(campaign_pk=campaign_pk, now=now)


def _of(campaign: Campaign) -> CampaignQuerySet:
    return _of_pk(campaign.pk)


def _of_pk(campaign_pk: int) -> CampaignQuerySet:
    return Campaign.objects.filter(pk=campaign_pk)


def _done(moved: int, campaign: Campaign, actor: AbstractBaseUser | None, action: str, **detail: object) -> bool:
    if moved:
        audit.record(actor=actor, action=action, subject=campaign, **detail)
        campaign.refresh_from_db()
    return bool(moved)
