"""A person decides what became of a delivery in doubt."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Campaign, Delivery
from notifications.reasons import Reason
from notifications.services import campaigns, doubts, ledger
from notifications.states import CampaignState, DeliveryState
from optins.models import OptIn
from optins.states import OptInState
from pages.models import AuditEntry
from tests.factories import DeliveryFactory, UserFactory
from tests.support.ledger import launched, states

pytestmark = pytest.mark.django_db


def in_doubt() -> Delivery:
    """The one row of a campaign that is otherwise done."""
    campaign = launched(1)
    row = Delivery.objects.filter(campaign=campaign)
    row.update(fence=1, dispatch_started_at=timezone.now())
    ledger.move(row, DeliveryState.DISPATCHING, frm=DeliveryState.QUEUED, campaign_id=campaign.pk)
    ledger.move(row, DeliveryState.UNKNOWN, frm=DeliveryState.DISPATCHING, campaign_id=campaign.pk)
    campaigns.finish_done(now=timezone.now())
    return row.get()


def test_treating_it_as_sent_is_kept_with_who_decided() -> None:
    row, actor = in_doubt(), UserFactory()

    assert doubts.treat_as_sent(delivery=row, actor=actor, now=timezone.now())

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.SENT, Reason.TREATED_AS_SENT)
    assert AuditEntry.objects.filter(actor=actor, subject=f"notifications.delivery:{row.pk}").exists()


def test_sending_it_again_queues_it_and_reopens_its_campaign() -> None:
    row = in_doubt()

    assert doubts.send_again(delivery=row, actor=UserFactory(), now=timezone.now())

    campaign = Campaign.objects.get()
    assert campaign.state == CampaignState.RUNNING
    assert states(campaign) == {"queued": 1}


def test_it_is_decided_once() -> None:
    row, actor = in_doubt(), UserFactory()
    doubts.treat_as_sent(delivery=row, actor=actor, now=timezone.now())

    assert not doubts.send_again(delivery=row, actor=actor, now=timezone.now())


def test_what_is_not_in_doubt_cannot_be_decided() -> None:
    row = DeliveryFactory()

    assert not doubts.treat_as_sent(delivery=row, actor=UserFactory(), now=timezone.now())


def test_a_cancelled_campaign_sends_nothing_again() -> None:
    row = in_doubt()
    Campaign.objects.update(state=CampaignState.CANCELLED)

    assert not doubts.send_again(delivery=row, actor=UserFactory(), now=timezone.now())


def test_what_is_sent_again_is_useful_for_as_long_as_any_single_message(settings: Settings) -> None:
    row, now = in_doubt(), timezone.now()
    Delivery.objects.update(expires_at=now - timedelta(days=1))

    doubts.send_again(delivery=row, actor=UserFactory(), now=now)

    row.refresh_from_db()
    assert row.expires_at == now + timedelta(seconds=settings.MESSAGE_LIFE)


def test_a_paused_campaign_stays_paused_and_keeps_the_row_for_later() -> None:
    row = in_doubt()
    Campaign.objects.update(state=CampaignState.PAUSED)

    assert doubts.send_again(delivery=row, actor=UserFactory(), now=timezone.now())

    assert Campaign.objects.get().state == CampaignState.PAUSED
    assert states(Campaign.objects.get()) == {"queued": 1}


def test_what_is_no_longer_in_doubt_reopens_no_campaign() -> None:
    row, actor = in_doubt(), UserFactory()
    doubts.treat_as_sent(delivery=row, actor=actor, now=timezone.now())

    doubts.send_again(delivery=row, actor=actor, now=timezone.now())

    assert Campaign.objects.get().state == CampaignState.FINISHED


def test_a_campaign_that_is_cancelled_while_one_decides_leaves_the_doubt_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, move = in_doubt(), ledger.move_ids

    def cancelled_meanwhile(*args: Any, **options: Any) -> int:
        Campaign.objects.update(state=CampaignState.CANCELLED)
        return move(*args, **options)

    monkeypatch.setattr(ledger, "move_ids", cancelled_meanwhile)

    assert not doubts.send_again(delivery=row, actor=UserFactory(), now=timezone.now())
    row.refresh_from_db()
    assert row.state == DeliveryState.UNKNOWN
    assert not AuditEntry.objects.filter(action="delivery.sent_again").exists()


def test_many_are_decided_in_chunks_each_with_who_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubts, "CHUNK", 2)
    campaign, actor = launched(5), UserFactory()
    rows = Delivery.objects.filter(campaign=campaign)
    ledger.move(rows, DeliveryState.UNKNOWN, frm=DeliveryState.QUEUED, campaign_id=campaign.pk)

    resolved = doubts.resolve(rows=rows, reason=Reason.TREATED_AS_SENT, actor=actor, now=timezone.now())

    assert (resolved.done, resolved.left) == (5, 0)
    assert states(campaign) == {"sent": 5}
    decided = AuditEntry.objects.filter(actor=actor, action="delivery.treated_as_sent")
    assert set(decided.values_list("subject", flat=True)) == {f"notifications.delivery:{row.pk}" for row in rows}


def test_of_many_those_that_must_not_leave_stay_in_doubt_and_are_counted() -> None:
    row, gone = DeliveryFactory(state=DeliveryState.UNKNOWN), DeliveryFactory(state=DeliveryState.UNKNOWN)
    OptIn.objects.filter(pk=gone.optin_id).update(state=OptInState.REVOKED)
    DeliveryFactory(state=DeliveryState.SENT)

    resolved = doubts.resolve(
        rows=Delivery.objects.all(), reason=Reason.SENT_AGAIN, actor=UserFactory(), now=timezone.now()
    )

    assert (resolved.done, resolved.left) == (1, 1)
    row.refresh_from_db()
    gone.refresh_from_db()
    assert (row.state, gone.state) == (DeliveryState.QUEUED, DeliveryState.UNKNOWN)
