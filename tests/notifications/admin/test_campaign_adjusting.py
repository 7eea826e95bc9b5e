"""The small form on a campaign's page, and another time for a scheduled one."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.models import Campaign
from notifications.states import CampaignState, Halt
from pages.models import AuditEntry
from tests.factories import (
    CampaignFactory,
    ContentFactory,
    LinkedPageFactory,
    LinkFactory,
    OptInFactory,
    PageFactory,
    SiteFactory,
)
from tests.people import client_as

pytestmark = pytest.mark.django_db
C = CampaignState
SLOWLY = {"messages_per_second": "5", "quiet_from": "22:00", "quiet_until": "08:00", "failure_ceiling": ""}


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def running() -> Campaign:
    campaign: Campaign = CampaignFactory(page=LinkedPageFactory(name="Apparel", messages_per_second=40), running=True)
    return campaign


def url(campaign: Campaign, door: str) -> str:
    return reverse(f"admin:notifications_campaign_{door}", args=[campaign.pk])


def said(answer: Any) -> str:
    shown: str = answer.content.decode()
    return shown.replace("&#x27;", "'")


def test_a_running_campaign_is_slowed_down_without_being_cancelled(marketing: Client, running: Campaign) -> None:
    answer = marketing.post(url(running, "adjust"), SLOWLY, follow=True)
    running.refresh_from_db()
    assert (running.state, running.messages_per_second, running.failure_ceiling) == (C.RUNNING, 5, None)
    assert (running.quiet_from, running.quiet_until) == (time(22), time(8))
    assert "goes out like this from now on" in said(answer)
    assert "Its own, at most 5 a second" in said(answer)


def test_the_form_shows_what_holds(marketing: Client, running: Campaign) -> None:
    Campaign.objects.update(messages_per_second=7, quiet_from=time(21, 30), quiet_until=time(9))
    shown = said(marketing.get(url(running, "change")))
    assert 'value="7"' in shown
    assert 'value="21:30"' in shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"messages_per_second": "41"}, "The page Apparel sends at most 40 a second."),
        ({"quiet_until": ""}, "Quiet hours have two ends"),
    ],
)
def test_a_mistake_is_said_in_the_form_which_stays_open(
    marketing: Client, running: Campaign, fields: dict[str, str], words: str
) -> None:
    shown = said(marketing.post(url(running, "adjust"), {**SLOWLY, **fields}))
    assert words in shown
    assert '<details class="ledger-adjust" open>' in shown
    assert "The page's, at most 40 a second" in shown, "the facts are what holds, not what was typed"
    running.refresh_from_db()
    assert running.messages_per_second is None


def test_what_ended_meanwhile_stays_as_it_ended(marketing: Client, running: Campaign) -> None:
    Campaign.objects.update(state=C.FINISHED)
    answer = marketing.post(url(running, "adjust"), SLOWLY, follow=True)
    assert "It finished a moment ago." in said(answer)
    assert Campaign.objects.get().messages_per_second is None


@pytest.mark.parametrize("role", [SUPPORT, ADMINISTRATORS])
def test_only_who_may_launch_changes_it(role: str, running: Campaign) -> None:
    assert client_as(role).post(url(running, "adjust"), SLOWLY).status_code == 403
    assert client_as(role).post(url(running, "reschedule"), {"launch_at": "2999-01-01T10:00"}).status_code == 403
    assert 'name="messages_per_second"' not in said(client_as(role).get(url(running, "change")))


def test_who_changed_it_is_kept(marketing: Client, running: Campaign) -> None:
    marketing.post(url(running, "adjust"), SLOWLY)
    entry = AuditEntry.objects.get(action="campaign.adjusted")
    assert entry.actor_id == int(marketing.session["_auth_user_id"])


# --- Another time -------------------------------------------------------------------------------------------------


def scheduled(zone: str = "Europe/Paris", **fields: Any) -> Campaign:
    page = PageFactory()
    LinkFactory(page=page, site=SiteFactory(timezone=zone))
    OptInFactory(page=page)
    fields = {"scheduled_for": timezone.now() + timedelta(hours=1), **fields}
    campaign: Campaign = CampaignFactory(page=page, state=C.SCHEDULED, content=ContentFactory(), **fields)
    return campaign


def test_another_time_is_read_on_the_clock_of_the_page_s_site(marketing: Client) -> None:
    campaign = scheduled("America/New_York", halt=Halt.LATE)
    assert "America/New_York" in said(marketing.get(url(campaign, "reschedule")))
    answer = marketing.post(url(campaign, "reschedule"), {"launch_at": "2999-11-22T14:00"}, follow=True)
    assert "starts by itself on 22 Nov 2999 at 14:00 (America/New_York)" in said(answer)
    campaign.refresh_from_db()
    assert campaign.scheduled_for == datetime(2999, 11, 22, 19, 0, tzinfo=UTC)
    assert campaign.halt == ""


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        ("", "This field is required."),
        ("soon", "Give a date and a time"),
        ("2001-01-01T10:00", "This time has passed."),
        ("2999-03-31T02:30", "02:30 does not exist on 31 Mar 2999 in Europe/Paris"),
        ("2999-10-27T02:30", "02:30 comes twice on 27 Oct 2999 in Europe/Paris"),
        ("2998-01-01T10:00", "would not be useful any more"),
    ],
)
def test_a_time_that_can_t_be_is_refused_at_its_field(marketing: Client, wall: str, words: str) -> None:
    until = datetime(2997, 1, 1, tzinfo=UTC)
    campaign = scheduled(useful_until=until)
    before = campaign.scheduled_for
    assert words in said(marketing.post(url(campaign, "reschedule"), {"launch_at": wall}))
    campaign.refresh_from_db()
    assert campaign.scheduled_for == before


def test_what_is_not_scheduled_any_more_gets_no_time(marketing: Client, running: Campaign) -> None:
    answer = marketing.post(url(running, "reschedule"), {"launch_at": "2999-01-01T10:00"}, follow=True)
    assert "Nothing was changed." in said(answer)
