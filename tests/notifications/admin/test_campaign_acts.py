"""Launching, scheduling, pausing, resuming, cancelling: the question, the deed, the refusal and the lost race."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.admin.campaigns.acts import ACTS
from notifications.models import Campaign
from notifications.states import CampaignState
from pages.states import PageState
from tests.factories import CampaignFactory, ContentFactory, OptInFactory, TallyFactory
from tests.people import NOBODY, client_as

pytestmark = pytest.mark.django_db
C = CampaignState
SOON = timedelta(hours=1)


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


def act_url(campaign: Campaign, act: str) -> str:
    return reverse(f"admin:notifications_campaign_{act}", args=[campaign.pk])


def campaign_in(state: CampaignState, **fields: Any) -> Campaign:
    launched = state not in (C.DRAFT, C.SCHEDULED)
    made: Campaign = CampaignFactory(
        running=launched,
        state=state,
        content=None if state == C.DRAFT else ContentFactory(),
        scheduled_for=None if launched else timezone.now() + SOON,
        **fields,
    )
    OptInFactory(page=made.page)
    return made


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (C.DRAFT, {"schedule", "launch"}),
        (C.SCHEDULED, {"launch", "unschedule", "cancel"}),
        (C.RUNNING, {"pause", "cancel"}),
        (C.PAUSED, {"resume", "cancel"}),
        (C.FINISHED, set()),
        (C.CANCELLED, set()),
    ],
)
def test_each_state_offers_its_acts(state: CampaignState, offered: set[str]) -> None:
    campaign = campaign_in(state)
    assert {name for name, act in ACTS.items() if act.is_offered(campaign)} == offered


def test_a_draft_without_a_time_can_t_be_scheduled() -> None:
    assert not ACTS["schedule"].is_offered(CampaignFactory())


DEEDS = [
    ("launch", C.DRAFT, C.RUNNING, "is on its way"),
    ("launch", C.SCHEDULED, C.RUNNING, "is on its way"),
    ("schedule", C.DRAFT, C.SCHEDULED, "is scheduled"),
    ("unschedule", C.SCHEDULED, C.DRAFT, "is a draft again"),
    ("pause", C.RUNNING, C.PAUSED, "is paused"),
    ("resume", C.PAUSED, C.RUNNING, "goes on"),
    ("cancel", C.SCHEDULED, C.CANCELLED, "is cancelled"),
    ("cancel", C.RUNNING, C.CANCELLED, "is cancelled"),
    ("cancel", C.PAUSED, C.CANCELLED, "is cancelled"),
]


@pytest.mark.parametrize(("act", "before", "after", "said"), DEEDS)
def test_an_act_is_done_by_post_and_said(
    marketing: Client, act: str, before: CampaignState, after: CampaignState, said: str
) -> None:
    campaign = campaign_in(before)
    shown = marketing.post(act_url(campaign, act), follow=True).content.decode()
    campaign.refresh_from_db()
    assert campaign.state == after
    assert said in shown


@pytest.mark.parametrize(("act", "before", "_after", "_said"), DEEDS)
def test_asking_changes_nothing(
    marketing: Client, act: str, before: CampaignState, _after: CampaignState, _said: str
) -> None:
    campaign = campaign_in(before)
    assert marketing.get(act_url(campaign, act)).status_code == 200
    campaign.refresh_from_db()
    assert campaign.state == before


def test_the_launch_says_how_many_where_and_how_long(marketing: Client) -> None:
    campaign = campaign_in(C.DRAFT)
    OptInFactory.create_batch(599, page=campaign.page)
    shown = marketing.get(act_url(campaign, "launch")).content.decode()
    assert "600 customers will receive it." in shown
    assert f"Everyone who opted in on {campaign.page.name}" in shown
    assert "At most 300 messages a second leave from this page: about 2 seconds for all." in shown


def test_the_schedule_says_when_in_the_site_s_zone(marketing: Client) -> None:
    shown = marketing.get(act_url(campaign_in(C.DRAFT), "schedule")).content.decode()
    assert "(Europe/Paris)" in shown


def test_cancelling_says_what_will_not_be_sent_and_that_it_is_final(marketing: Client) -> None:
    campaign = campaign_in(C.RUNNING)
    TallyFactory(campaign=campaign, queued=1200, sent=800, dispatching=3)
    shown = marketing.get(act_url(campaign, "cancel")).content.decode()
    for words in (
        "1,200 messages that wait will never be sent",
        "800 messages have been sent",
        "3 messages that are being sent",
        "be undone",
    ):
        assert words in shown


@pytest.mark.parametrize("act", ["launch", "schedule"])
def test_every_obstacle_is_said_before_it_is_tried(marketing: Client, act: str) -> None:
    campaign = campaign_in(C.DRAFT)
    type(campaign.page).objects.filter(pk=campaign.page_id).update(state=PageState.ON_HOLD)
    campaign.page.optins.all().delete()
    shown = marketing.get(act_url(campaign, act)).content.decode()
    assert "is on hold" in shown
    assert "Nobody in this audience" in shown
    assert "disabled" in shown


@pytest.mark.parametrize("act", ["launch", "schedule"])
def test_an_obstacle_that_appears_meanwhile_refuses_the_act(marketing: Client, act: str) -> None:
    campaign = campaign_in(C.DRAFT)
    type(campaign.page).objects.filter(pk=campaign.page_id).update(token="")
    shown = marketing.post(act_url(campaign, act)).content.decode()
    campaign.refresh_from_db()
    assert "has no token" in shown
    assert campaign.state == C.DRAFT


@pytest.mark.parametrize(
    ("act", "now_it_is", "said"),
    [
        ("launch", C.RUNNING, "Somebody launched or resumed it a moment ago."),
        ("resume", C.CANCELLED, "Somebody cancelled it a moment ago."),
        ("cancel", C.FINISHED, "It finished a moment ago."),
        ("schedule", C.SCHEDULED, "Somebody scheduled it a moment ago."),
        ("unschedule", C.DRAFT, "Somebody made it a draft again a moment ago."),
        ("pause", C.PAUSED, "Somebody paused it a moment ago."),
    ],
)
def test_who_comes_second_is_told_what_the_first_did(
    marketing: Client, act: str, now_it_is: CampaignState, said: str
) -> None:
    campaign = campaign_in(now_it_is)
    shown = marketing.post(act_url(campaign, act), follow=True).content.decode()
    campaign.refresh_from_db()
    assert said in shown
    assert campaign.state == now_it_is


def test_a_race_lost_in_the_service_is_said_too(marketing: Client) -> None:
    campaign = campaign_in(C.RUNNING)

    def rival(**_given: Any) -> bool:
        Campaign.objects.filter(pk=campaign.pk).move(C.PAUSED)
        return False

    losing = mock.Mock(wraps=ACTS["pause"], perform=rival)
    with mock.patch.dict("notifications.admin.campaigns.views.ACTS", {"pause": losing}):
        shown = marketing.post(act_url(campaign, "pause"), follow=True).content.decode()
    assert "Nothing was changed. Somebody paused it a moment ago." in shown


def test_asking_for_an_act_that_the_state_forbids_leads_back_with_the_reason(marketing: Client) -> None:
    shown = marketing.get(act_url(campaign_in(C.FINISHED), "pause"), follow=True).content.decode()
    assert "be done now: the campaign is finished" in shown


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize("role", [SUPPORT, ADMINISTRATORS])
def test_who_may_not_launch_can_do_none_of_it(role: str, act: str) -> None:
    client, campaign = client_as(role), campaign_in(C.RUNNING)
    assert client.get(act_url(campaign, act)).status_code == 403
    assert client.post(act_url(campaign, act)).status_code == 403


def test_nobody_is_sent_to_the_login() -> None:
    assert "/login/" in client_as(NOBODY).post(act_url(campaign_in(C.RUNNING), "cancel"))["Location"]


def test_an_act_without_its_csrf_token_is_refused() -> None:
    client = client_as(MARKETING)
    client.handler.enforce_csrf_checks = True
    assert client.post(act_url(campaign_in(C.RUNNING), "cancel")).status_code == 403


# --- A copy -------------------------------------------------------------------------------------------------------


def duplicate(client: Client, campaign: Campaign) -> Any:
    return client.post(reverse("admin:notifications_campaign_duplicate", args=[campaign.pk]))


def test_a_copy_is_a_draft_of_the_same_audience_without_the_time(marketing: Client) -> None:
    campaign = campaign_in(C.SCHEDULED, name="Sale", audience_kind="prefix", audience_prefix="FR-")
    duplicate(marketing, campaign)
    copy = Campaign.objects.latest("pk")
    assert (copy.name, copy.state, copy.audience_prefix) == ("Copy of Sale", C.DRAFT, "FR-")
    assert copy.scheduled_for is None


def test_the_name_of_a_copy_fits(marketing: Client) -> None:
    duplicate(marketing, campaign_in(C.DRAFT, name="x" * 120))
    assert len(Campaign.objects.latest("pk").name) == 120


def test_a_copy_needs_the_permission_to_add() -> None:
    assert duplicate(client_as(SUPPORT), campaign_in(C.DRAFT)).status_code == 403


def test_a_copy_is_made_by_post_alone(marketing: Client) -> None:
    url = reverse("admin:notifications_campaign_duplicate", args=[campaign_in(C.DRAFT).pk])
    assert marketing.get(url).status_code == 405
