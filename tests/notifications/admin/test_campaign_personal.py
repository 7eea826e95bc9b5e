"""Before a launch it is said for how many customers the message can't be filled."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from messenger_admin.roles import MARKETING
from notifications.admin.campaigns.personal import shortage_words
from notifications.models import Campaign
from notifications.services import fillability
from tests.factories import CampaignFactory, LinkedPageFactory, NotificationFactory, OptInFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

ONE = "1 customer has no value for {{ first_name }}: the message fails for this customer alone."
TWO = "2 customers have no value for {{ first_name }}: the message fails for them alone."


def draft(*, without: int, text: str = "Hello {{ first_name }}") -> Campaign:
    page = LinkedPageFactory()
    OptInFactory(page=page, attributes={"first_name": "Zoé"})
    OptInFactory.create_batch(without, page=page)
    campaign: Campaign = CampaignFactory(page=page, notification=NotificationFactory(body={"text": text}))
    return campaign


def words(campaign: Campaign) -> str:
    with translation.override("en"):
        return " ".join(shortage_words(campaign, now=timezone.now()))


@pytest.mark.parametrize(
    ("without", "text", "begins"),
    [
        (0, "Hello {{ first_name }}", ""),
        (1, "Hello {{ first_name }}", ONE),
        (2, "Hello {{ first_name }}", TWO),
        (2, "Hello {{ first_name|you }}", ""),
        (2, "Hello", ""),
    ],
)
def test_it_is_said_how_many_will_fail(without: int, text: str, begins: str) -> None:
    said = words(draft(without=without, text=text))
    assert said.startswith(begins)
    assert bool(said) is bool(begins)


def test_of_a_large_audience_it_says_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fillability, "LOOKED_AT", 3)
    assert words(draft(without=4)).startswith("At least 2 customers")


def test_a_launched_campaign_is_not_looked_at_again() -> None:
    campaign = draft(without=1)
    campaign.launched_at = timezone.now()
    assert words(campaign) == ""


def test_the_forecast_and_the_question_say_it() -> None:
    campaign, client = draft(without=2), client_as(MARKETING)
    forecast = reverse("admin:notifications_campaign_audience")
    query = {"notification": str(campaign.notification_id), "page": str(campaign.page_id), "audience_kind": "all"}
    question = reverse("admin:notifications_campaign_launch", args=[campaign.pk])
    for html in (client.get(forecast, query).text, client.get(question).text):
        assert "2 customers have no value for {{ first_name }}" in html
