"""A campaign's life."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from notifications.models import Campaign, Delivery
from notifications.reasons import Reason
from notifications.services import campaigns, expansion
from notifications.services.campaigns import CannotLaunch
from notifications.states import AudienceKind, CampaignState, DeliveryState
from optins.services import revoke
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from pages.services.links import unlink_page
from tests.factories import (
    CampaignFactory,
    DeliveryFactory,
    NotificationFactory,
    OptInFactory,
    UserFactory,
)
from tests.support.ledger import launched, optin_of, states
from tests.support.racing import race

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def around(now: datetime) -> dict[str, time]:
    """Quiet hours from an hour before to an hour after, on the clock of the factory's sites."""
    shown = now.astimezone(ZoneInfo("Europe/Paris"))
    return {"quiet_from": (shown - timedelta(hours=1)).time(), "quiet_until": (shown + timedelta(hours=1)).time()}


def state_of(campaign: Campaign) -> str:
    return Campaign.objects.values_list("state", flat=True).get(pk=campaign.pk)


def test_what_is_sent_is_what_the_notification_said_at_launch() -> None:
    campaign = launched(1)
    campaign.notification.body = {"text": "Changed afterwards"}
    campaign.notification.save(update_fields=["body"])

    assert Delivery.objects.get().content.as_dict() == {"text": "Your order has been placed."}


def test_one_revoked_after_launch_is_skipped_at_once() -> None:
    campaign = launched(2)
    row = Delivery.objects.earliest("pk")

    revoke(optin=optin_of(row), actor=None, now=timezone.now())

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.OPTED_OUT)
    assert states(campaign) == {"queued": 1, "skipped": 1}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda campaign: unlink_page(page=campaign.page, actor=None, now=timezone.now()), "not linked"),
        (
            lambda campaign: hold_page(page=campaign.page, kind=IncidentKind.FORBIDDEN, detail="", now=NOW),
            "on hold",
        ),
        (lambda campaign: type(campaign.page).objects.filter(pk=campaign.page_id).update(token=""), "no token"),
        (lambda campaign: campaign.page.optins.all().delete(), "Nobody"),
        (lambda campaign: type(campaign.notification).objects.update(body={"text": "x" * 2001}), "can't be sent"),
        (lambda campaign: Campaign.objects.update(audience_kind="prefix"), "customer_ids begin"),
        (lambda campaign: Campaign.objects.update(useful_until=NOW - timedelta(hours=1)), "useful"),
        (lambda campaign: type(campaign.page).objects.update(messages_per_second=39), "above the page's, 39"),
        (lambda campaign: Campaign.objects.update(useful_until=NOW + timedelta(minutes=5), **around(NOW)), "quiet"),
    ],
)
def test_what_stands_in_the_way_is_said_at_launch(spoil: Callable[[Campaign], object], words: str) -> None:
    campaign = CampaignFactory(page=OptInFactory().page, messages_per_second=40)
    spoil(campaign)

    with pytest.raises(CannotLaunch, match=words):
        campaigns.launch(campaign=Campaign.objects.get(), actor=None, now=timezone.now())

    assert state_of(campaign) == CampaignState.DRAFT


def test_a_scheduled_campaign_keeps_what_was_frozen() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.schedule(campaign=campaign, at=NOW + timedelta(hours=1), actor=None, now=NOW)
    type(campaign.notification).objects.update(body={"text": "Changed afterwards"})

    campaigns.launch(campaign=Campaign.objects.get(), actor=None, now=timezone.now())
    expansion.expand(campaign.pk)

    assert Delivery.objects.get().content.as_dict() == {"text": "Your order has been placed."}


def test_a_time_in_the_past_is_refused() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)

    with pytest.raises(CannotLaunch, match="has passed"):
        campaigns.schedule(campaign=campaign, at=NOW - timedelta(seconds=1), actor=None, now=NOW)


def test_pausing_and_resuming_go_back_and_forth_and_say_when_they_come_too_late() -> None:
    campaign, actor = launched(1), UserFactory()

    assert campaigns.pause(campaign=campaign, actor=actor, now=NOW)
    assert not campaigns.pause(campaign=campaign, actor=actor, now=NOW)
    assert campaigns.resume(campaign=campaign, actor=actor, now=NOW)
    assert not campaigns.resume(campaign=campaign, actor=actor, now=NOW)
    assert state_of(campaign) == CampaignState.RUNNING


def test_cancelling_cancels_what_has_not_left() -> None:
    campaign = launched(3)
    sent = Delivery.objects.earliest("pk")
    DeliveryFactory(optin__page=campaign.page)  # a transactional one of the same page stays

    campaigns.cancel(campaign=campaign, actor=None, now=NOW)
    assert campaigns.cancel_rows(campaign_pk=campaign.pk, now=NOW) == 3

    sent.refresh_from_db()
    assert states(campaign) == {"cancelled": 3}
    assert Delivery.objects.filter(campaign=None, state=DeliveryState.QUEUED).count() == 1


def test_cancelling_goes_on_until_nothing_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "CANCEL_CHUNK", 2)
    campaign = launched(5)
    campaigns.cancel(campaign=campaign, actor=None, now=NOW)

    assert campaigns.cancel_rows(campaign_pk=campaign.pk, now=NOW) == 5
    assert states(campaign) == {"cancelled": 5}


def test_the_rows_of_a_campaign_that_is_not_cancelled_stay() -> None:
    campaign = launched(2)

    assert campaigns.cancel_rows(campaign_pk=campaign.pk, now=NOW) == 0
    assert states(campaign) == {"queued": 2}


def test_a_campaign_is_finished_when_no_row_can_move() -> None:
    campaign = launched(1)
    assert not campaigns.finish_if_done(campaign_pk=campaign.pk, now=NOW)

    revoke(optin=optin_of(Delivery.objects.get()), actor=None, now=timezone.now())

    assert campaigns.finish_if_done(campaign_pk=campaign.pk, now=NOW)
    assert state_of(campaign) == CampaignState.FINISHED


def test_a_campaign_that_has_no_rows_yet_is_not_finished() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.launch(campaign=campaign, actor=None, now=NOW)

    assert not campaigns.finish_if_done(campaign_pk=campaign.pk, now=NOW)


def test_a_finished_campaign_cannot_be_cancelled() -> None:
    campaign = launched(1)
    revoke(optin=optin_of(Delivery.objects.get()), actor=None, now=timezone.now())
    campaigns.finish_done(now=NOW)

    assert not campaigns.cancel(campaign=campaign, actor=None, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_launching_twice_at_once_launches_once() -> None:
    page = OptInFactory().page
    campaign = CampaignFactory(page=page, notification=NotificationFactory())

    results = race(*[lambda: campaigns.launch(campaign=Campaign.objects.get(), actor=None, now=timezone.now())] * 4)

    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    expansion.expand(campaign.pk)
    assert states(campaign) == {"queued": 1}


def test_what_was_frozen_is_launched_whatever_its_notification_has_become() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.schedule(campaign=campaign, at=NOW + timedelta(hours=1), actor=None, now=NOW)
    type(campaign.notification).objects.update(body={"text": "x" * 2001})

    assert campaigns.problems_of(Campaign.objects.get(), now=NOW) == []
    assert campaigns.launch(campaign=Campaign.objects.get(), actor=None, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"audience_kind": AudienceKind.PREFIX, "audience_prefix": "FR-"},
        {"useful_until": NOW + timedelta(hours=1)},
        {"scheduled_for": NOW + timedelta(hours=2)},
    ],
)
@pytest.mark.parametrize("start", ["launch", "schedule"])
def test_a_campaign_that_was_changed_since_it_was_looked_at_is_not_started(start: str, change: dict[str, Any]) -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    looked_at = Campaign.objects.get()
    Campaign.objects.update(**change)

    when = {"at": NOW + timedelta(hours=1)} if start == "schedule" else {}

    assert not getattr(campaigns, start)(campaign=looked_at, actor=None, now=NOW, **when)
    assert state_of(campaign) == CampaignState.DRAFT
