"""Before a launch: how many Facebook lets it reach, and what is shown of the template that goes out instead."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from messenger_admin.roles import MARKETING
from notifications.models import Campaign
from notifications.services import campaigns
from pages.models import Page
from pages.states import GatewayKind
from tests.factories import (
    CampaignFactory,
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    RecipientFactory,
    ThreadFactory,
    UtilityTemplateFactory,
)
from tests.people import client_as

pytestmark = pytest.mark.django_db
CHOSEN = {"name": "order_left", "language": "en", "parameters": {"order": "{{ order_id|yours }}"}}
TEMPLATE = "has left our warehouse"


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def page() -> Page:
    """Three customers: in the window, after it, and one who never wrote."""
    made: Page = LinkedPageFactory(gateway=GatewayKind.META)
    for days in (0, 3):
        recipient = RecipientFactory(page=made)
        OptInFactory(page=made, recipient=recipient)
        ThreadFactory(page=made, psid=recipient.psid, acted_at=timezone.now() - timedelta(days=days))
    OptInFactory(page=made)
    UtilityTemplateFactory(page=made, name="order_left")
    return made


def campaign_of(page: Page, **notification: object) -> Campaign:
    made: Campaign = CampaignFactory(page=page, notification=NotificationFactory(**notification))
    return made


def asked(client: Client, campaign: Campaign) -> str:
    """The question before a launch."""
    return client.get(f"/admin/notifications/campaign/{campaign.pk}/launch/").content.decode()


def test_the_question_says_who_is_reached_how(marketing: Client, page: Page) -> None:
    content = asked(marketing, campaign_of(page, utility=CHOSEN))
    assert "2 of 3 customers can receive it." in content
    assert "1 customer can get the message: Facebook&#x27;s 24-hour window is open." in content
    assert "1 customer can get the utility template instead: the window is closed." in content
    assert "1 customer can&#x27;t be reached at all: they never wrote to the page, or blocked it." in content


def test_without_a_template_it_says_what_is_missing(marketing: Client, page: Page) -> None:
    content = asked(marketing, campaign_of(page))
    assert "2 customers can&#x27;t be reached at all" in content
    assert "the notification has no utility template that could go out instead" in content


def test_the_form_says_it_while_it_is_filled_in(marketing: Client, page: Page) -> None:
    notification = NotificationFactory(utility=CHOSEN)
    query = {"page": page.pk, "notification": notification.pk, "audience_kind": "all"}
    content = marketing.get("/admin/notifications/campaign/audience/", query).content.decode()
    assert "1 customer can get the utility template instead" in content
    assert TEMPLATE in content


def test_a_page_that_goes_through_iadvize_says_nothing_of_windows(marketing: Client) -> None:
    page = LinkedPageFactory(gateway=GatewayKind.IADVIZE)
    OptInFactory(page=page)
    assert "24-hour" not in asked(marketing, campaign_of(page))


def test_the_campaigns_page_shows_what_was_frozen(marketing: Client, page: Page) -> None:
    campaign = campaign_of(page, utility=CHOSEN)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    type(campaign.notification).objects.update(utility=None)
    assert TEMPLATE in marketing.get(f"/admin/notifications/campaign/{campaign.pk}/change/").content.decode()
