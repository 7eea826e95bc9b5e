"""Campaigns whose time passed while nothing ran."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Campaign
from notifications.services import campaigns, lateness
from notifications.states import CampaignState, Halt, LatePolicy
from pages.models import AuditEntry
from tests.factories import CampaignFactory, OptInFactory, UserFactory
from tests.support.racing import race

pytestmark = pytest.mark.django_db

C = CampaignState


def scheduled(policy: LatePolicy, *, late: float) -> Campaign:
    """One that was to be launched `late` seconds ago."""
    campaign = CampaignFactory(page=OptInFactory().page, if_late=policy)
    before = timezone.now() - timedelta(days=2)
    at = timezone.now() - timedelta(seconds=late)
    assert campaigns.schedule(campaign=campaign, at=at, actor=UserFactory(), now=before)
    AuditEntry.objects.all().delete()
    return campaign


def look(now: datetime | None = None) -> Campaign:
    lateness.launch_scheduled(now=now or timezone.now())
    return Campaign.objects.get()


@pytest.mark.parametrize(
    ("policy", "late", "state", "halt", "action"),
    [
        (LatePolicy.SEND, 86_400, C.RUNNING, "", "campaign.launched"),
        (LatePolicy.SKIP, 86_400, C.CANCELLED, Halt.LATE, "campaign.cancelled"),
        (LatePolicy.ASK, 86_400, C.SCHEDULED, Halt.LATE, "campaign.late"),
        (LatePolicy.SKIP, 910, C.CANCELLED, Halt.LATE, "campaign.cancelled"),
        # In time, or nearly.
        (LatePolicy.SKIP, 880, C.RUNNING, "", "campaign.launched"),
        (LatePolicy.ASK, 0, C.RUNNING, "", "campaign.launched"),
    ],
)
def test_each_follows_its_own_policy(policy: LatePolicy, late: float, state: C, halt: str, action: str) -> None:
    scheduled(policy, late=late)

    campaign = look()

    entry = AuditEntry.objects.get()
    assert (campaign.state, campaign.halt) == (state, halt)
    assert (entry.action, entry.actor) == (action, None)
    assert bool(entry.detail.get("late")) == bool(halt)


def test_one_that_waits_for_a_person_is_not_looked_at_again() -> None:
    scheduled(LatePolicy.ASK, late=86_400)
    look()
    Campaign.objects.update(if_late=LatePolicy.SEND)

    campaign = look()

    assert (campaign.state, AuditEntry.objects.count()) == (C.SCHEDULED, 1)


def test_a_person_launches_it_all_the_same() -> None:
    scheduled(LatePolicy.ASK, late=86_400)

    assert campaigns.launch(campaign=look(), actor=UserFactory(), now=timezone.now())

    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.halt) == (C.RUNNING, "")


def test_a_person_gives_it_another_time_and_what_was_frozen_stays() -> None:
    frozen = scheduled(LatePolicy.ASK, late=86_400).content
    campaign, later = look(), timezone.now() + timedelta(hours=1)
    campaign.notification.body = {"text": "Changed afterwards"}
    campaign.notification.save(update_fields=["body"])

    assert campaigns.schedule(campaign=campaign, at=later, actor=UserFactory(), now=timezone.now())

    campaign.refresh_from_db()
    assert (campaign.state, campaign.halt, campaign.scheduled_for) == (C.SCHEDULED, "", later)
    assert campaign.content == frozen
    assert look(later).state == C.RUNNING


def test_a_person_cancels_it() -> None:
    scheduled(LatePolicy.ASK, late=86_400)

    assert campaigns.cancel(campaign=look(), actor=UserFactory(), now=timezone.now())

    assert Campaign.objects.get().halt == ""


def test_one_that_was_launched_meanwhile_is_not_held_back() -> None:
    scheduled(LatePolicy.SKIP, late=86_400)
    found = Campaign.objects.get()
    campaigns.launch(campaign=Campaign.objects.get(), actor=UserFactory(), now=timezone.now())

    assert not lateness.hold_back(campaign=found, now=timezone.now())
    assert Campaign.objects.get().state == C.RUNNING


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("policy", [LatePolicy.SKIP, LatePolicy.ASK])
def test_several_sweeps_at_once_hold_it_back_once(policy: LatePolicy) -> None:
    scheduled(policy, late=86_400)

    race(*[lambda: lateness.launch_scheduled(now=timezone.now())] * 4)

    assert AuditEntry.objects.count() == 1
