"""A campaign says for what it writes, and how many that leaves out, before anything is sent."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import MARKETING
from notifications.admin.campaigns.form import PURPOSES
from notifications.models import Campaign
from notifications.services.forecasting import forecast
from optins.states import OptInState, Purpose
from pages.models import Page
from tests.factories import CampaignFactory, LinkedPageFactory, OptInFactory
from tests.people import client_as
from tests.support.api import Caller, secret_for

pytestmark = pytest.mark.django_db
P = Purpose


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def page() -> Page:
    """Four who agreed to everything, two to their orders, one to an alert, and one who took it back."""
    made: Page = LinkedPageFactory()
    OptInFactory.create_batch(4, page=made)
    OptInFactory.create_batch(2, page=made, purpose=P.TRANSACTIONAL)
    OptInFactory(page=made, purpose=P.ALERT, customer_id="instock-1")
    OptInFactory(page=made, purpose=P.ALERT, state=OptInState.REVOKED)
    return made


def draft(page: Page, **values: Any) -> Campaign:
    made: Campaign = CampaignFactory(page=page, **values)
    return made


@pytest.mark.parametrize(
    ("purpose", "prefix", "reached", "left_out"),
    [
        (P.MARKETING, "", 4, 3),
        (P.TRANSACTIONAL, "", 6, 1),
        (P.ALERT, "", 5, 2),
        (P.ALERT, "instock-", 1, 0),
        (P.MARKETING, "instock-", 0, 1),
    ],
)
def test_the_forecast_counts_those_that_the_purpose_leaves_out(
    page: Page, purpose: Purpose, prefix: str, reached: int, left_out: int
) -> None:
    campaign = draft(page, purpose=purpose, audience_kind="prefix" if prefix else "all", audience_prefix=prefix)
    found = forecast(campaign=campaign, now=timezone.now())
    assert (found.count, found.left_out) == (reached, left_out)


def test_the_api_says_it_too(page: Page) -> None:
    campaign = draft(page)
    caller = Caller(secret_for(page))
    data = caller.post(f"/v1/campaigns/{campaign.pk}/forecast", json.dumps({})).json()["data"]
    assert (data["recipients"], data["left_out"]) == (4, 3)


def test_the_form_says_it_while_it_is_filled_in(marketing: Client, page: Page) -> None:
    campaign = draft(page)
    asked = {
        "page": str(page.pk),
        "notification": str(campaign.notification_id),
        "audience_kind": "all",
        "purpose": "alert",
    }
    url = "/admin/notifications/campaign/audience/"
    assert "2 customers are left out, who agreed" in marketing.get(url, asked).text
    assert (
        "left out" not in marketing.get(url, {**asked, "audience_kind": "prefix", "audience_prefix": "instock-"}).text
    )


def test_the_question_before_the_launch_says_it(marketing: Client, page: Page) -> None:
    campaign = draft(page, purpose=P.TRANSACTIONAL)
    question = marketing.get(f"/admin/notifications/campaign/{campaign.pk}/launch/")
    assert "1 customer is left out, who agreed to be written to for something else only." in question.text


def test_the_campaign_s_page_names_its_purpose(marketing: Client, page: Page) -> None:
    campaign = draft(page, purpose=P.TRANSACTIONAL, running=True)
    text = marketing.get(reverse("admin:notifications_campaign_change", args=[campaign.pk])).text
    assert "Purpose" in text
    assert str(dict(PURPOSES)[P.TRANSACTIONAL]) in text
