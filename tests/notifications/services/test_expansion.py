"""Who gets a row: the audience as it was at launch, each once, wherever the expansion was interrupted."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Campaign, Delivery
from notifications.services import campaigns, expansion
from notifications.states import AudienceKind
from optins.services import Agreement, agree, revoke
from optins.states import Source
from tests.factories import (
    CampaignFactory,
    LinkedPageFactory,
    OptInFactory,
)
from tests.support.ledger import launched, states
from tests.support.racing import race

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def test_launching_makes_one_row_for_each_active_opt_in() -> None:
    campaign = launched(7)

    assert states(campaign) == {"queued": 7}
    assert campaign.expanded_at is not None


def test_an_opt_in_that_arrives_after_launch_is_not_included() -> None:
    page = LinkedPageFactory()
    OptInFactory(page=page)
    campaign = CampaignFactory(page=page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    OptInFactory(page=page)

    expansion.expand(campaign.pk)

    assert states(campaign) == {"queued": 1}


def test_opt_ins_that_are_not_active_get_no_row() -> None:
    page = LinkedPageFactory()
    OptInFactory(page=page)
    revoke(optin=OptInFactory(page=page), actor=None, now=NOW)
    OptInFactory(page=page, expires_at=NOW - timedelta(seconds=1))

    assert states(launched(0, page)) == {"queued": 1}


def test_an_audience_by_prefix_is_meant_to_the_letter() -> None:
    page = LinkedPageFactory()
    for customer_id in ("instock-AB123-1", "INSTOCK-AB123-2", "instock-AB%", "FR-1"):
        OptInFactory(page=page, customer_id=customer_id)

    campaign = launched(0, page, audience_kind=AudienceKind.PREFIX, audience_prefix="instock-AB123-")

    assert Delivery.objects.get(campaign=campaign).whom == "instock-AB123-1"


def test_an_expansion_goes_on_where_it_stopped(settings: Settings) -> None:
    page = LinkedPageFactory()
    OptInFactory.create_batch(25, page=page)
    campaign = CampaignFactory(page=page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    settings.EXPANSION_CHUNK = 10
    campaign.refresh_from_db()

    assert expansion.expand_chunk(campaign=campaign, now=timezone.now()) == 10
    assert states(campaign) == {"queued": 10}

    expansion.expand(campaign.pk)
    assert states(campaign) == {"queued": 25}


@pytest.mark.django_db(transaction=True)
def test_the_first_messages_may_leave_before_the_rest_is_expanded(
    settings: Settings, hints: list[tuple[str, int]]
) -> None:
    settings.EXPANSION_CHUNK = 2
    campaign = CampaignFactory()
    OptInFactory.create_batch(5, page=campaign.page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())

    hints.clear()

    expansion.expand(campaign.pk)

    assert states(campaign) == {"queued": 2}
    assert hints == [("notifications.pump_page", campaign.page_id), ("notifications.expand_campaign", campaign.pk)]


def test_expanding_the_same_chunk_twice_makes_no_second_row() -> None:
    page = LinkedPageFactory()
    OptInFactory.create_batch(3, page=page)
    campaign = CampaignFactory(page=page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    campaign.refresh_from_db()

    assert expansion.expand_chunk(campaign=campaign, now=timezone.now()) == 3
    assert expansion.expand_chunk(campaign=campaign, now=timezone.now()) == 0
    Campaign.objects.filter(pk=campaign.pk).update(expanded_to=0, expanded_at=None)
    expansion.expand(campaign.pk)

    assert states(campaign) == {"queued": 3}


def test_whoever_agrees_anew_after_the_launch_is_not_in_its_audience() -> None:
    optin = OptInFactory()
    campaign = CampaignFactory(page=optin.page)
    campaigns.launch(campaign=campaign, actor=None, now=NOW)
    revoke(optin=optin, actor=None, now=NOW)
    again = Agreement(source=Source.BUTTON)
    agree(page=optin.page, customer_id=optin.customer_id, agreement=again, now=NOW + timedelta(seconds=1))

    expansion.expand(campaign.pk)

    assert states(campaign) == {}


def test_a_worker_that_was_overtaken_does_not_move_the_cursor_back(settings: Settings) -> None:
    settings.EXPANSION_CHUNK = 2
    page = LinkedPageFactory()
    OptInFactory.create_batch(5, page=page)
    campaigns.launch(campaign=CampaignFactory(page=page), actor=None, now=timezone.now())
    overtaken = Campaign.objects.get()
    expansion.expand(overtaken.pk)
    reached = Campaign.objects.values_list("expanded_to", "expanded_at").get()

    assert expansion.expand_chunk(campaign=overtaken, now=timezone.now()) == 0
    assert Campaign.objects.values_list("expanded_to", "expanded_at").get() == reached


def test_a_campaign_that_is_cancelled_meanwhile_gets_no_more_rows() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    before = Campaign.objects.get()
    campaigns.cancel(campaign=campaign, actor=None, now=timezone.now())

    assert expansion.expand_chunk(campaign=before, now=timezone.now()) == 0
    assert states(campaign) == {}


@pytest.mark.django_db(transaction=True)
def test_expanding_at_once_in_several_workers_makes_each_row_once(settings: Settings) -> None:
    settings.EXPANSION_CHUNK = 7
    page = LinkedPageFactory()
    OptInFactory.create_batch(60, page=page)
    campaign = CampaignFactory(page=page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())

    def until_complete() -> None:
        """As the hints do: the first chunk hands on."""
        while Campaign.objects.filter(pk=campaign.pk, expanded_at=None).exists():
            expansion.expand(campaign.pk)

    assert race(*[until_complete] * 4) == [None] * 4

    assert states(campaign) == {"queued": 60}


def test_rows_are_due_since_the_launch_whatever_a_workers_clock_says() -> None:
    page = LinkedPageFactory()
    OptInFactory(page=page)
    campaign = CampaignFactory(page=page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    campaign.refresh_from_db()

    expansion.expand_chunk(campaign=campaign, now=timezone.now() + timedelta(hours=1))

    assert Delivery.objects.get().due_at == campaign.launched_at
