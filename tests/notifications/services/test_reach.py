"""How many of an audience Facebook lets a message reach, by the window, by a template, or not at all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Campaign, TemplateStatus, UtilityTemplate
from notifications.reasons import Reason
from notifications.services import campaigns
from notifications.services.forecasting import forecast
from notifications.services.launchability import audience, problems_of
from notifications.services.reach import Reach, reach_of
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

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
CHOSEN: dict[str, Any] = {"name": "order_left", "language": "en", "parameters": {"order": "{{ order_id|yours }}"}}


@pytest.fixture
def page() -> Page:
    made: Page = LinkedPageFactory(gateway=GatewayKind.META)
    return made


def customer(page: Page, *, acted_at: datetime | None = None, wrote: bool = True, blocked: bool = False) -> None:
    recipient = RecipientFactory(page=page)
    OptInFactory(page=page, recipient=recipient)
    if wrote:
        blocked_at = NOW if blocked else None
        times = {"first_at": NOW, "last_at": NOW, "acted_at": acted_at, "blocked_at": blocked_at}
        ThreadFactory(page=page, psid=recipient.psid, **times)


def everybody(page: Page) -> None:
    """Two in the window, three after it, and four whom nothing reaches."""
    for hours in (0, 24):
        customer(page, acted_at=NOW - timedelta(hours=hours))
    for _ in range(3):
        customer(page, acted_at=NOW - timedelta(hours=24, seconds=1))
    customer(page, wrote=False)
    customer(page, acted_at=None)
    customer(page, acted_at=NOW, blocked=True)
    OptInFactory(page=page, recipient=None)


def campaign_of(page: Page, utility: dict[str, Any] | None = None) -> Campaign:
    made: Campaign = CampaignFactory(page=page, notification=NotificationFactory(utility=utility))
    return made


def reached(campaign: Campaign, at: datetime = NOW) -> Reach | None:
    people = audience(campaign, now=NOW)
    return reach_of(campaign=campaign, audience=people, count=people.count(), at=at)


def test_without_a_template_the_window_decides(page: Page) -> None:
    everybody(page)
    assert reached(campaign_of(page)) == Reach(open=2, by_template=0, not_at_all=7, reason=Reason.WINDOW_CLOSED)


def test_an_approved_template_reaches_those_who_once_wrote(page: Page) -> None:
    everybody(page)
    UtilityTemplateFactory(page=page, name="order_left")
    assert reached(campaign_of(page, CHOSEN)) == Reach(open=2, by_template=3, not_at_all=4)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": TemplateStatus.PENDING},
        {"status": TemplateStatus.GONE},
        {"language": "fr"},
        {"components": [{"type": "BODY", "text": "Order {{other}} has left our warehouse."}]},
    ],
    ids=["not approved yet", "gone", "in another language", "with other parameters"],
)
def test_a_template_that_the_page_can_not_send_reaches_nobody(page: Page, changes: dict[str, Any]) -> None:
    everybody(page)
    UtilityTemplateFactory(page=page, name="order_left", **changes)
    found = reached(campaign_of(page, CHOSEN))
    assert found == Reach(open=2, by_template=0, not_at_all=7, reason=Reason.NOT_APPROVED)


def test_another_pages_template_is_no_help(page: Page) -> None:
    customer(page, acted_at=NOW - timedelta(days=2))
    UtilityTemplateFactory(name="order_left")
    assert reached(campaign_of(page, CHOSEN)) == Reach(open=0, by_template=0, not_at_all=1, reason=Reason.NOT_APPROVED)


def test_at_a_later_time_the_window_is_closed(page: Page) -> None:
    customer(page, acted_at=NOW)
    assert reached(campaign_of(page), at=NOW + timedelta(hours=25)) == Reach(
        open=0, by_template=0, not_at_all=1, reason=Reason.WINDOW_CLOSED
    )


def test_a_page_that_goes_through_iadvize_has_no_window() -> None:
    page = LinkedPageFactory(gateway=GatewayKind.IADVIZE)
    assert reached(campaign_of(page, CHOSEN)) is None


def test_it_is_asked_in_a_few_statements(page: Page, django_assert_max_num_queries: Any) -> None:
    everybody(page)
    UtilityTemplateFactory(page=page, name="order_left")
    campaign = campaign_of(page, CHOSEN)
    with django_assert_max_num_queries(6):
        reached(campaign)


def test_a_forecast_tells_it(page: Page) -> None:
    everybody(page)
    found = forecast(campaign=campaign_of(page), now=NOW)
    assert (found.count, found.reach and found.reach.open) == (9, 2)


# --- Frozen with the message ------------------------------------------------------------------------------------


def test_a_launch_freezes_the_template_with_the_message(page: Page) -> None:
    OptInFactory(page=page)
    campaign = campaign_of(page, CHOSEN)
    campaigns.launch(campaign=campaign, actor=None, now=NOW)
    campaign.refresh_from_db()
    assert campaign.content is not None
    assert campaign.content.utility.startswith('{"name":"order_left","language":"en"')


def test_what_was_scheduled_keeps_the_template_that_it_had(page: Page) -> None:
    OptInFactory(page=page)
    UtilityTemplateFactory(page=page, name="order_left")
    campaign = campaign_of(page, CHOSEN)
    campaigns.schedule(campaign=campaign, at=NOW + timedelta(hours=1), actor=None, now=NOW)
    type(campaign.notification).objects.update(utility=None)
    campaign.refresh_from_db()
    customer(page, acted_at=NOW - timedelta(days=2))
    found = reached(campaign)
    assert found is not None
    assert found.by_template == 1


def test_a_stored_choice_that_is_none_keeps_it_from_being_launched(page: Page) -> None:
    OptInFactory(page=page)
    problems = problems_of(campaign_of(page, {"name": "Été"}), now=NOW)
    assert {problem.code for problem in problems} == {"content"}
    assert UtilityTemplate.objects.count() == 0
