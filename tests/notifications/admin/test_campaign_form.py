"""The form of a draft: its audience, its time, and what happens when somebody else was first."""

from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.admin.campaigns import form as forms
from notifications.models import Campaign, Notification
from notifications.states import AudienceKind, CampaignState, Halt
from optins.states import OptInState
from pages.models import Page
from tests.factories import (
    CampaignFactory,
    LinkedPageFactory,
    LinkFactory,
    NotificationFactory,
    OptInFactory,
    PageFactory,
    SiteFactory,
)
from tests.people import client_as

pytestmark = pytest.mark.django_db
ADD = "/admin/notifications/campaign/add/"


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory(name="Peter's Apparel")
    return page


def change_url(campaign: Campaign) -> str:
    return reverse("admin:notifications_campaign_change", args=[campaign.pk])


def filled(page: Page, **fields: Any) -> dict[str, Any]:
    notification: Notification = NotificationFactory()
    return {
        "name": "Autumn sale",
        "notification": notification.pk,
        "page": page.pk,
        "audience_kind": AudienceKind.ALL,
        "audience_prefix": "",
        "timing": "now",
        "launch_at": "",
        "keep_until": "",
        "_continue": "1",
    } | fields


def test_a_filled_form_makes_a_draft(marketing: Client, page: Page) -> None:
    marketing.post(ADD, filled(page))
    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.page, campaign.state) == ("Autumn sale", page, CampaignState.DRAFT)
    assert campaign.scheduled_for is None


def test_only_linked_pages_are_offered(marketing: Client, page: Page) -> None:
    PageFactory(name="Orphan page")
    LinkFactory(page=PageFactory(name="Former page"), closed_at=datetime(2999, 1, 1, tzinfo=UTC))
    shown = marketing.get(ADD).content.decode()
    assert "Peter&#x27;s Apparel" in shown
    assert "Orphan page" not in shown
    assert "Former page" not in shown


def test_a_page_without_a_site_is_refused_with_the_way_out(marketing: Client) -> None:
    answer = marketing.post(ADD, filled(PageFactory()))
    assert "link it to a site first" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_an_audience_by_prefix_needs_its_prefix(marketing: Client, page: Page) -> None:
    answer = marketing.post(ADD, filled(page, audience_kind=AudienceKind.PREFIX, audience_prefix="  "))
    assert "Say how the customer_ids begin" in answer.content.decode()


def test_a_prefix_is_stored_composed_like_customer_ids(marketing: Client, page: Page) -> None:
    marketing.post(ADD, filled(page, audience_kind=AudienceKind.PREFIX, audience_prefix="cafe\u0301-"))
    assert Campaign.objects.get().audience_prefix == "caf\u00e9-"


def test_a_prefix_left_behind_is_dropped_when_everyone_is_chosen(marketing: Client, page: Page) -> None:
    marketing.post(ADD, filled(page, audience_prefix="instock-"))
    assert Campaign.objects.get().audience_prefix == ""


def test_a_time_is_read_on_the_clock_of_the_page_s_site(marketing: Client) -> None:
    page = PageFactory()
    LinkFactory(page=page, site=SiteFactory(timezone="America/New_York"))
    marketing.post(ADD, filled(page, timing="later", launch_at="2999-11-22T14:00"))
    assert Campaign.objects.get().scheduled_for == datetime(2999, 11, 22, 19, 0, tzinfo=UTC)


def test_the_time_comes_back_on_the_same_clock(marketing: Client) -> None:
    page = PageFactory()
    LinkFactory(page=page, site=SiteFactory(timezone="America/New_York"))
    campaign = CampaignFactory(page=page, scheduled_for=datetime(2999, 11, 22, 19, 0, tzinfo=UTC))
    shown = marketing.get(change_url(campaign)).content.decode()
    assert 'value="2999-11-22T14:00"' in shown
    assert "America/New_York" in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"timing": "later"}, "Say when, or choose to launch by hand."),
        ({"timing": "later", "launch_at": "soon"}, "Give a date and a time"),
        ({"timing": "later", "launch_at": "2001-01-01T10:00"}, "This time has passed."),
        ({"timing": "later", "launch_at": "2999-03-31T02:30"}, "02:30 does not exist on 31 Mar 2999 in Europe/Paris"),
        ({"timing": "later", "launch_at": "2999-10-27T02:30"}, "02:30 comes twice on 27 Oct 2999 in Europe/Paris"),
        (
            {"timing": "later", "launch_at": "2999-01-02T10:00", "keep_until": "2999-01-01T10:00"},
            "This is before the launch.",
        ),
        ({"keep_until": "2001-01-01T10:00"}, "This time has passed."),
    ],
)
def test_a_time_that_can_t_be_is_refused_at_its_field(
    marketing: Client, page: Page, fields: dict[str, str], said: str
) -> None:
    answer = marketing.post(ADD, filled(page, **fields))
    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_saving_for_review_goes_on_to_the_launch(marketing: Client, page: Page) -> None:
    answer = marketing.post(ADD, filled(page, _review="1"))
    campaign = Campaign.objects.get()
    assert answer["Location"] == reverse("admin:notifications_campaign_launch", args=[campaign.pk])


def test_saving_for_review_with_a_time_goes_on_to_the_schedule(marketing: Client, page: Page) -> None:
    answer = marketing.post(ADD, filled(page, timing="later", launch_at="2999-11-22T14:00", _review="1"))
    campaign = Campaign.objects.get()
    assert answer["Location"] == reverse("admin:notifications_campaign_schedule", args=[campaign.pk])


def test_a_draft_that_was_launched_meanwhile_keeps_what_was_launched(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, name="As launched")
    answer = marketing.post(change_url(campaign), filled(campaign.page, name="Edited"), follow=True)
    assert "Somebody launched or resumed it a moment ago" in answer.content.decode()
    assert Campaign.objects.get().name == "As launched"


def test_a_launch_between_reading_and_saving_wins_over_the_form(marketing: Client) -> None:
    campaign, clean = CampaignFactory(name="As launched"), forms.CampaignForm.clean

    def launched_meanwhile(self: forms.CampaignForm) -> dict[str, Any]:
        rival = CampaignFactory(running=True)
        Campaign.objects.filter(pk=campaign.pk).update(
            state=CampaignState.RUNNING, content=rival.content, audience_ceiling=0, launched_at=rival.launched_at
        )
        return clean(self)

    with mock.patch.object(forms.CampaignForm, "clean", launched_meanwhile):
        marketing.post(change_url(campaign), filled(campaign.page, name="Edited"))
    campaign.refresh_from_db()
    assert campaign.name == "As launched"


def test_a_draft_says_why_it_was_not_launched_at_its_time(marketing: Client) -> None:
    campaign = CampaignFactory(halt=Halt.REFUSED, halt_detail={"problems": ["The page has no token."]})
    assert "The page has no token." in marketing.get(change_url(campaign)).content.decode()


@pytest.mark.parametrize("role", [SUPPORT, ADMINISTRATORS])
def test_who_may_not_change_campaigns_reads_a_draft(role: str) -> None:
    shown = client_as(role).get(change_url(CampaignFactory())).content.decode()
    assert "A draft: nothing is sent" in shown
    assert 'name="audience_kind"' not in shown


def test_only_drafts_are_deleted(marketing: Client) -> None:
    draft, running = CampaignFactory(), CampaignFactory(running=True)
    for campaign in (draft, running):
        marketing.post(reverse("admin:notifications_campaign_delete", args=[campaign.pk]), {"post": "yes"})
    assert list(Campaign.objects.all()) == [running]


# --- The live count -----------------------------------------------------------------------------------------------


def counted(client: Client, **query: Any) -> str:
    return client.get(reverse("admin:notifications_campaign_audience"), query).content.decode()


def test_the_count_is_of_active_opt_ins_of_the_page(marketing: Client, page: Page) -> None:
    OptInFactory.create_batch(2, page=page)
    OptInFactory(page=page, state=OptInState.REVOKED)
    OptInFactory()
    assert "2 customers will receive it." in counted(marketing, page=page.pk, audience_kind="all")


def test_the_count_follows_the_prefix(marketing: Client, page: Page) -> None:
    OptInFactory(page=page, customer_id="instock-AB123-1")
    OptInFactory(page=page, customer_id="FR-1")
    told = counted(marketing, page=page.pk, audience_kind="prefix", audience_prefix="instock-AB123-")
    assert "1 customer will receive it." in told


def test_nobody_is_said(marketing: Client, page: Page) -> None:
    assert "Nobody will receive it" in counted(marketing, page=page.pk, audience_kind="all")


@pytest.mark.parametrize("page_asked_for", ["", "abc", "999999", "9" * 40, "٣", "-1"])
def test_without_a_page_the_count_asks_for_one(marketing: Client, page_asked_for: str) -> None:
    assert "Choose a page" in counted(marketing, page=page_asked_for, notification="²")


def test_the_zone_comes_with_the_count(marketing: Client, page: Page) -> None:
    assert 'data-zone="Europe/Paris"' in counted(marketing, page=page.pk)


def test_the_message_is_shown_beside_the_form(marketing: Client) -> None:
    notification = NotificationFactory(body={"text": "Back in stock!"})
    assert "Back in stock!" in counted(marketing, notification=notification.pk)


def test_who_composes_nothing_gets_no_count(page: Page) -> None:
    url = reverse("admin:notifications_campaign_audience")
    assert client_as(SUPPORT).get(url, {"page": page.pk}).status_code == 403
