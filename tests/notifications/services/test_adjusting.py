"""Changing how, or when, a campaign goes out while it is on its way."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Campaign
from notifications.services.adjusting import Manner, adjust, manner_of, reschedule
from notifications.services.launchability import CannotLaunch
from notifications.states import CampaignState, Halt
from pages.models import AuditEntry
from tests.factories import CampaignFactory, ContentFactory, LinkedPageFactory, OptInFactory, UserFactory

pytestmark = pytest.mark.django_db
C = CampaignState
NOW = timezone.now()
SLOWLY = Manner(messages_per_second=5, quiet_from=time(22), quiet_until=time(8), failure_ceiling=None)


def adjusted(campaign: Campaign, manner: Manner = SLOWLY) -> bool:
    return adjust(campaign=campaign, manner=manner, actor=UserFactory(), now=NOW)


def scheduled(**fields: Any) -> Campaign:
    page = LinkedPageFactory()
    OptInFactory(page=page)
    fields = {"scheduled_for": NOW + timedelta(hours=1), **fields}
    made: Campaign = CampaignFactory(page=page, state=C.SCHEDULED, content=ContentFactory(), **fields)
    return made


@pytest.mark.parametrize("state", [C.SCHEDULED, C.RUNNING, C.PAUSED])
def test_a_campaign_on_its_way_goes_out_otherwise_from_now_on(state: CampaignState) -> None:
    campaign = CampaignFactory(running=True, state=state)
    assert adjusted(campaign)
    assert manner_of(Campaign.objects.get()) == SLOWLY


@pytest.mark.parametrize("state", [C.DRAFT, C.FINISHED, C.CANCELLED])
def test_one_that_is_a_draft_or_has_ended_is_left_alone(state: CampaignState) -> None:
    campaign = CampaignFactory(running=True, state=state)
    was = manner_of(campaign)
    assert not adjusted(campaign)
    assert manner_of(Campaign.objects.get()) == was
    assert not AuditEntry.objects.exists()


def test_an_end_meanwhile_wins() -> None:
    campaign = CampaignFactory(running=True)
    Campaign.objects.update(state=C.CANCELLED)
    assert not adjusted(campaign)
    assert Campaign.objects.get().messages_per_second is None


def test_who_was_first_wins() -> None:
    campaign = CampaignFactory(running=True)
    Campaign.objects.update(messages_per_second=9)
    assert not adjusted(campaign)
    assert Campaign.objects.get().messages_per_second == 9


def test_a_rest_is_looked_for_anew_under_the_new_hours() -> None:
    campaign = CampaignFactory(running=True, rests_until=NOW + timedelta(hours=5))
    adjusted(campaign)
    assert Campaign.objects.get().rests_until is None


def test_what_changed_is_written_down_with_what_was() -> None:
    campaign = CampaignFactory(running=True, failure_ceiling=20, quiet_from=time(21), quiet_until=time(8))
    adjusted(campaign)
    entry = AuditEntry.objects.get(action="campaign.adjusted")
    assert entry.actor_id is not None
    assert entry.detail == {
        "messages_per_second": [None, 5],
        "quiet_from": ["21:00", "22:00"],
        "failure_ceiling": [20, None],
    }


def test_nothing_is_written_down_where_nothing_changed() -> None:
    campaign = CampaignFactory(running=True)
    assert adjusted(campaign, manner_of(campaign))
    assert not AuditEntry.objects.exists()


def test_another_time_makes_a_late_campaign_wait_for_it() -> None:
    campaign = scheduled(scheduled_for=NOW - timedelta(hours=3), halt=Halt.LATE)
    later = NOW + timedelta(days=1)
    assert reschedule(campaign=campaign, at=later, actor=UserFactory(), now=NOW)
    stored = Campaign.objects.get()
    assert (stored.scheduled_for, stored.halt, stored.state) == (later, "", C.SCHEDULED)
    assert stored.content_id == campaign.content_id
    assert AuditEntry.objects.get(action="campaign.rescheduled").detail == {"at": later.isoformat()}


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, NOW - timedelta(seconds=1)),
        ({"useful_until": NOW + timedelta(hours=2)}, NOW + timedelta(hours=3)),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(fields: dict[str, datetime], at: datetime) -> None:
    campaign = scheduled(**fields)
    with pytest.raises(CannotLaunch):
        reschedule(campaign=campaign, at=at, actor=UserFactory(), now=NOW)
    assert Campaign.objects.get().scheduled_for == NOW + timedelta(hours=1)


def test_what_was_launched_meanwhile_gets_no_other_time() -> None:
    campaign = scheduled()
    Campaign.objects.update(state=C.RUNNING, launched_at=NOW, audience_ceiling=0)
    at = datetime(2999, 1, 1, tzinfo=UTC)
    assert not reschedule(campaign=campaign, at=at, actor=UserFactory(), now=NOW)
    assert not AuditEntry.objects.exists()
