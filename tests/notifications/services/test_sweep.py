"""The sweep finds what hints would have said."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.hints import CLOSE_CAMPAIGN, EXPAND_CAMPAIGN, PUMP_PAGE
from notifications.models import Campaign, Delivery, Heartbeat, Installation, Lease
from notifications.reasons import Reason
from notifications.services import ageing, campaigns, lease, ledger, marking
from notifications.services.sweep import sweep, sweep_at_leisure
from notifications.states import CampaignState, DeliveryState
from optins.models import Invitation, OptIn
from optins.states import InvitationState, OptInState
from pages.models import AuditEntry, Page
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from pages.services.links import unlink_page
from pages.states import DoubtPolicy
from tests.factories import CampaignFactory, DeliveryFactory, LinkedPageFactory, OptInFactory, PageFactory
from tests.support.ledger import launched, states
from tests.support.racing import race

pytestmark = pytest.mark.django_db

Hints = list[tuple[str, int]]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hints go out on commit; the transaction of a test has none."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda run: run())


def pages_kicked(sent: Hints) -> set[int]:
    return {pk for task, pk in sent if task == PUMP_PAGE}


def test_a_page_with_due_rows_and_no_pump_is_kicked(hints: Hints) -> None:
    row = DeliveryFactory()

    sweep()

    assert pages_kicked(hints) == {row.page_id}


def test_a_page_whose_pump_is_alive_is_left_alone(hints: Hints) -> None:
    row = DeliveryFactory()
    lease.acquire(page_pk=row.page_id, holder="alive")

    sweep()

    assert pages_kicked(hints) == set()


@pytest.mark.parametrize("later", ["due_at", "rest_until"])
def test_a_page_that_must_wait_is_left_alone(hints: Hints, later: str) -> None:
    row = DeliveryFactory(due_at=timezone.now() + timedelta(hours=later == "due_at"))
    if later == "rest_until":
        Lease.objects.create(page=row.page, expires_at=timezone.now(), rest_until=timezone.now() + timedelta(minutes=1))

    sweep()

    assert pages_kicked(hints) == set()


def test_a_page_on_hold_or_unlinked_is_left_alone(hints: Hints) -> None:
    hold_page(page=DeliveryFactory().page, kind=IncidentKind.FORBIDDEN, detail="", now=timezone.now())
    DeliveryFactory(optin__page=PageFactory())

    sweep()

    assert pages_kicked(hints) == set()


def test_rows_that_a_dead_pump_left_marked_are_found_even_on_a_held_page(hints: Hints) -> None:
    row = DeliveryFactory()
    dead = lease.acquire(page_pk=row.page_id, holder="dead")
    assert dead is not None
    marking.mark(held=dead, now=timezone.now(), most=1)
    hold_page(page=row.page, kind=IncidentKind.FORBIDDEN, detail="", now=timezone.now())
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    sweep()

    assert pages_kicked(hints) == {row.page_id}


def test_a_paused_campaigns_rows_kick_nobody(hints: Hints) -> None:
    campaign = launched(2)
    campaigns.pause(campaign=campaign, actor=None, now=timezone.now())
    hints.clear()

    sweep()

    assert pages_kicked(hints) == set()


def test_a_half_done_expansion_is_taken_up(hints: Hints) -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    hints.clear()

    sweep()

    assert (EXPAND_CAMPAIGN, campaign.pk) in hints


def test_a_half_done_cancellation_is_taken_up(hints: Hints) -> None:
    campaign = launched(2)
    campaigns.cancel(campaign=campaign, actor=None, now=timezone.now())
    hints.clear()

    sweep()

    assert (CLOSE_CAMPAIGN, campaign.pk) in hints


def test_a_scheduled_campaign_is_launched_when_its_time_has_come() -> None:
    now = timezone.now()
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.schedule(campaign=campaign, at=now + timedelta(seconds=1), actor=None, now=now)
    sweep()
    assert Campaign.objects.get().state == CampaignState.SCHEDULED

    Campaign.objects.update(scheduled_for=now)
    sweep()

    assert Campaign.objects.get().state == CampaignState.RUNNING


def test_a_scheduled_campaign_that_cannot_be_launched_becomes_a_draft_that_says_why() -> None:
    now = timezone.now()
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.schedule(campaign=campaign, at=now + timedelta(seconds=1), actor=None, now=now)
    Campaign.objects.update(scheduled_for=now)
    OptIn.objects.all().delete()

    sweep()

    back = Campaign.objects.get()
    assert back.state == CampaignState.DRAFT
    assert back.halt_detail == {"problems": [{"code": "audience_empty", "params": {}}]}


def test_the_sweep_expires_agreements_and_says_that_a_worker_lives() -> None:
    OptInFactory(expires_at=timezone.now() - timedelta(seconds=1))

    sweep()

    assert OptIn.objects.get().state == OptInState.EXPIRED
    assert Heartbeat.objects.get().name == "worker"


def test_an_idle_sweep_costs_the_same_however_many_pages_there_are() -> None:
    sweep()
    with CaptureQueriesContext(connection) as few:
        sweep()
    PageFactory.create_batch(20)
    with CaptureQueriesContext(connection) as many:
        sweep()

    assert len(many) == len(few)


@pytest.mark.parametrize("where", ["held", "paused", "unlinked"])
def test_what_became_too_old_is_skipped_wherever_it_waits(where: str) -> None:
    campaign = launched(2)
    Delivery.objects.update(expires_at=timezone.now())
    if where == "held":
        hold_page(page=campaign.page, kind=IncidentKind.FORBIDDEN, detail="", now=timezone.now())
    elif where == "paused":
        campaigns.pause(campaign=campaign, actor=None, now=timezone.now())
    else:
        unlink_page(page=campaign.page, actor=None, now=timezone.now())

    sweep()

    assert states(campaign) == {"skipped": 2}
    assert set(Delivery.objects.values_list("reason", flat=True)) == {Reason.TOO_OLD}


def test_more_that_is_too_old_than_one_sweep_skips_is_left_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "CHUNK", 2)
    monkeypatch.setattr(ageing, "MOST_CHUNKS", 2)
    launched(5)
    Delivery.objects.update(expires_at=timezone.now())

    assert [ageing.skip_too_old(timezone.now()) for _ in range(3)] == [4, 1, 0]


def test_a_finished_campaign_with_rows_that_can_move_runs_again() -> None:
    campaign = launched(1)
    Campaign.objects.update(state=CampaignState.FINISHED, finished_at=timezone.now())

    sweep()

    campaign.refresh_from_db()
    assert (campaign.state, campaign.finished_at) == (CampaignState.RUNNING, None)


def test_a_paused_campaigns_half_done_expansion_is_taken_up(hints: Hints) -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    campaigns.pause(campaign=campaign, actor=None, now=timezone.now())
    hints.clear()

    sweep()

    assert (EXPAND_CAMPAIGN, campaign.pk) in hints


def test_a_doubt_that_nobody_decided_in_time_is_decided_by_the_pages_policy() -> None:
    row = DeliveryFactory(state=DeliveryState.UNKNOWN, ended_at=timezone.now() - timedelta(days=1))
    Page.objects.update(doubt_policy=DoubtPolicy.TREAT_AS_SENT)

    sweep()

    row.refresh_from_db()
    assert row.state == DeliveryState.SENT


@pytest.mark.parametrize("error", [OperationalError, KeyError])
def test_a_part_that_fails_keeps_no_other_from_its_turn_and_is_not_hushed_up(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    seen: list[str] = []

    def fail(_now: datetime) -> None:
        raise error("on purpose")

    parts = (lambda _: seen.append("before"), fail, lambda _: seen.append("after"))
    monkeypatch.setattr("notifications.services.sweep.PARTS", parts)

    with pytest.raises(error, match="on purpose"):
        sweep()

    assert seen == ["before", "after"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_sweeps_at_once_do_each_thing_once() -> None:
    campaign, other = launched(300), launched(300)
    Delivery.objects.filter(campaign=campaign).update(expires_at=timezone.now())
    doubtful = Delivery.objects.filter(campaign=other)
    ledger.move(
        doubtful, DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED, campaign_id=other.pk, ended_at=timezone.now()
    )
    Page.objects.update(doubt_policy=DoubtPolicy.TREAT_AS_SENT, doubt_minutes=1)
    Delivery.objects.update(ended_at=timezone.now() - timedelta(hours=1))

    race(*[sweep] * 4)
    sweep()

    assert states(campaign) == {"skipped": 300}
    assert states(other) == {"sent": 300}
    entries = AuditEntry.objects.filter(action="page.doubts_decided")
    assert sum(entry.detail["deliveries"] for entry in entries) == 300
    assert set(Campaign.objects.values_list("state", flat=True)) == {CampaignState.FINISHED}


def test_what_nobody_waits_for_is_done_at_leisure_and_not_in_a_restored_copy() -> None:
    page, then = LinkedPageFactory(), timezone.now() - timedelta(hours=1)
    over = Invitation.objects.create(site=page.site, page=page, customer_id="FR-1", created_at=then, expires_at=then)
    sweep()
    assert Invitation.objects.get(pk=over.pk).state == InvitationState.ISSUED
    place = Installation.objects.get().place
    Installation.objects.update(place=f"{place}0")
    sweep_at_leisure()
    assert Invitation.objects.get(pk=over.pk).state == InvitationState.ISSUED
    Installation.objects.update(place=place, armed=True)

    sweep_at_leisure()

    assert Invitation.objects.get(pk=over.pk).state == InvitationState.EXPIRED
