"""The sweep finds what hints would have said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.hints import CLOSE_CAMPAIGN, EXPAND_CAMPAIGN, PUMP_PAGE
from notifications.models import Campaign, Heartbeat, Lease
from notifications.services import campaigns, lease, marking
from notifications.services.sweep import sweep
from notifications.states import CampaignState
from optins.models import OptIn
from optins.states import OptInState
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from tests.factories import CampaignFactory, DeliveryFactory, OptInFactory, PageFactory
from tests.support.ledger import launched

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
