"""A campaign's life: what a person asks for, and what follows from its rows."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from notifications import hints
from notifications.launch_problems import LaunchProblem
from notifications.models import Campaign, Delivery, Tally
from notifications.querysets import CampaignQuerySet
from notifications.services import ledger, watching
from notifications.services.contents import freeze_notification
from notifications.services.launchability import CannotLaunch, audience, frozen, problems_at, problems_of
from notifications.states import CampaignState, DeliveryState, Halt
from optins.models import OptIn
from optins.states import OptInState
from pages import audit

__all__ = ["CannotLaunch", "audience", "problems_of"]

C = CampaignState

# Rows cancelled in one transaction.
CANCEL_CHUNK = 500


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
            content=frozen(campaign) or freeze_notification(campaign.notification),
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
    """The campaign, as long as it is what was looked at: to whom it goes, when, how fast, until when."""
    return _of(campaign).filter(
        page=campaign.page_id,
        purpose=campaign.purpose,
        audience_kind=campaign.audience_kind,
        audience_prefix=campaign.audience_prefix,
        useful_until=campaign.useful_until,
        messages_per_second=campaign.messages_per_second,
        quiet_from=campaign.quiet_from,
        quiet_until=campaign.quiet_until,
        scheduled_for=campaign.scheduled_for,
        content=campaign.content_id,
    )


def schedule(*, campaign: Campaign, at: datetime, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Freezes the content and waits for `at`; a scheduled one keeps what was frozen and waits for `at` instead.

    False: it was neither draft nor scheduled any more, or somebody changed it meanwhile.
    """
    problems = problems_at(campaign, at=at, now=now)
    if problems:
        raise CannotLaunch(problems)
    with transaction.atomic():
        moved = _as_judged(campaign).move(
            C.SCHEDULED,
            frm=C.SCHEDULED if campaign.state == C.SCHEDULED else C.DRAFT,
            scheduled_for=at,
            content=frozen(campaign) or freeze_notification(campaign.notification),
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


def refuse(*, campaign: Campaign, problems: list[LaunchProblem], now: datetime) -> bool:
    """Makes a scheduled campaign that can't be launched at its time a draft again that says why."""
    with transaction.atomic():
        detail = {"problems": [found.as_json() for found in problems]}
        moved = _of(campaign).move(C.DRAFT, content=None, halt=Halt.REFUSED, halt_detail=detail)
        return _done(moved, campaign, None, "campaign.unscheduled", **detail)


def pause(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Takes effect with the next batch of the page's pump. False: it was not running."""
    with transaction.atomic():
        moved = _of(campaign).move(C.PAUSED, halt="", halt_detail={})
        return _done(moved, campaign, actor, "campaign.paused")


def resume(*, campaign: Campaign, actor: AbstractBaseUser | None, now: datetime) -> bool:
    """Goes on where it stopped, and its failures are looked at anew. False: it was not paused.

    After its first slice this is the leave to send the rest.
    """
    with transaction.atomic():
        paused = _of(campaign).filter(state=C.PAUSED)
        # First: the move takes the reason away.
        paused.filter(halt=Halt.CANARY).update(canary_passed_at=now)
        moved = paused.move(C.RUNNING, frm=C.PAUSED, rests_until=None, halt="", halt_detail={})
        watching.begin_anew(campaign.pk)
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


def reopen(*, campaign: Campaign) -> bool:
    """Lets a finished campaign run again whose rows can still move. False: it does already, or has none."""
    with transaction.atomic():
        # In the order in which it is finished: the tally, then the campaign.
        tally = Tally.objects.select_for_update().filter(pk=campaign.pk).first()
        if tally is None or not tally.movable:
            return False
        return bool(_of(campaign).move(C.RUNNING, frm=C.FINISHED, finished_at=None))


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
