"""How a campaign goes out: its fields in the form, and the forecast of what they lead to."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import MARKETING
from notifications.admin.campaigns import manner
from notifications.admin.campaigns.outlook import outlook
from notifications.models import Campaign
from notifications.states import LatePolicy
from pages.models import Page
from pages.states import PageState
from tests.factories import CampaignFactory, LinkedPageFactory, LinkFactory, OptInFactory, PageFactory, SiteFactory
from tests.notifications.admin.test_campaign_form import ADD, change_url, counted, filled
from tests.people import client_as

pytestmark = pytest.mark.django_db
OPTIONS = {
    "messages_per_second": "10",
    "quiet_from": "22:00",
    "quiet_until": "08:00",
    "canary_size": "200",
    "failure_ceiling": "15",
}
# A Sunday, 11:00 in Paris.
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture
def page() -> Page:
    page: Page = LinkedPageFactory(name="Apparel", messages_per_second=40)
    return page


def text(answer: Any) -> str:
    shown: str = answer.content.decode()
    return shown.replace("&#x27;", "'")


# --- The form -----------------------------------------------------------------------------------------------------


def test_the_options_are_kept(marketing: Client, page: Page) -> None:
    at = {"timing": "later", "launch_at": "2999-11-22T14:00", "if_late": "skip"}
    marketing.post(ADD, filled(page, **OPTIONS, **at))
    campaign = Campaign.objects.get()
    assert (campaign.messages_per_second, campaign.canary_size, campaign.failure_ceiling) == (10, 200, 15)
    assert (campaign.quiet_from, campaign.quiet_until) == (time(22), time(8))
    assert campaign.if_late == LatePolicy.SKIP


def test_a_draft_s_options_are_changed_in_its_form(marketing: Client, page: Page) -> None:
    campaign = CampaignFactory(page=page)
    marketing.post(change_url(campaign), filled(page, **OPTIONS))
    assert manner.in_one_line(Campaign.objects.get()).startswith("At most 10 a second")


def test_a_new_campaign_pauses_at_a_share_of_failures_and_is_plain_otherwise(marketing: Client) -> None:
    shown = text(marketing.get(ADD))
    assert "At the page's pace · at any hour · pauses at 20% of failures" in shown
    assert "<details open>" not in shown


def test_emptied_options_are_none(marketing: Client, page: Page) -> None:
    marketing.post(ADD, filled(page, **dict.fromkeys(OPTIONS, "")))
    campaign = Campaign.objects.get()
    assert {name: getattr(campaign, name) for name in OPTIONS} == dict.fromkeys(OPTIONS)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"messages_per_second": "41"}, "The page Apparel sends at most 40 a second."),
        ({"messages_per_second": "400"}, "The page Apparel sends at most 40 a second."),
        ({"messages_per_second": "0"}, "greater than or equal to 1"),
        ({"quiet_from": "22:00", "quiet_until": ""}, "Quiet hours have two ends"),
        ({"quiet_from": "", "quiet_until": "08:00"}, "Quiet hours have two ends"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "This is when they begin."),
        ({"quiet_from": "late", "quiet_until": "08:00"}, "Give an hour and minutes"),
        ({"canary_size": "0"}, "greater than or equal to 1"),
        ({"failure_ceiling": "101"}, "less than or equal to 100"),
    ],
)
def test_a_mistake_is_said_at_its_field_with_nothing_lost_and_nothing_folded(
    marketing: Client, page: Page, fields: dict[str, str], said: str
) -> None:
    shown = text(marketing.post(ADD, filled(page, **{**OPTIONS, **fields}, name="Kept")))
    assert said in shown
    assert 'value="Kept"' in shown
    assert "<details open>" in shown
    assert not Campaign.objects.exists()


def test_the_page_s_own_pace_is_not_too_fast(marketing: Client, page: Page) -> None:
    marketing.post(ADD, filled(page, messages_per_second="40"))
    assert Campaign.objects.get().messages_per_second == 40


def test_a_page_that_can_t_send_says_so_in_the_choice(marketing: Client) -> None:
    LinkedPageFactory(name="Held", state=PageState.ON_HOLD)
    LinkedPageFactory(name="Bare", token="")
    shown = text(marketing.get(ADD))
    assert "– on hold, nothing leaves" in shown
    assert "– has no token yet" in shown


@pytest.mark.parametrize(
    ("day", "wall", "instant"),
    [
        # The clocks go forward on 29 March 2026 and back on 25 October 2026; years as good as theirs, still to come.
        ("spring", "2999-03-31T01:59", "2999-03-31T00:59:00+00:00"),
        ("spring", "2999-03-31T03:00", "2999-03-31T01:00:00+00:00"),
        ("autumn", "2999-10-27T01:59", "2999-10-26T23:59:00+00:00"),
        ("autumn", "2999-10-27T03:00", "2999-10-27T02:00:00+00:00"),
    ],
)
def test_a_time_around_a_change_of_the_clocks_is_what_the_wall_shows(
    marketing: Client, page: Page, day: str, wall: str, instant: str
) -> None:
    marketing.post(ADD, filled(page, timing="later", launch_at=wall))
    campaign = Campaign.objects.get()
    assert campaign.scheduled_for == datetime.fromisoformat(instant)
    assert f'value="{wall}"' in text(marketing.get(change_url(campaign)))


# --- The forecast -------------------------------------------------------------------------------------------------


def ahead(page: Page, count: int = 4000, start: datetime = NOW, **fields: Any) -> tuple[str, str]:
    found = outlook(CampaignFactory.build(page=page, **fields), count, start=start, now=NOW)
    return "\n".join(found.consequences), "\n".join(found.warnings)


def test_at_the_page_s_pace_the_end_is_foretold(page: Page) -> None:
    told, warned = ahead(page)
    assert "At most 40 messages a second leave from this page: about 2 minutes for all." in told
    assert "Begun now, it is done around 11:01 (Europe/Paris) at the earliest." in told
    assert warned == ""


def test_at_its_own_pace_the_end_is_later(page: Page) -> None:
    told, _warned = ahead(page, messages_per_second=1)
    assert "At most 1 message a second leaves, the campaign's own pace: about 67 minutes for all." in told
    assert "12:06 (Europe/Paris)" in told


def test_the_quiet_hours_are_part_of_the_end(page: Page) -> None:
    told, warned = ahead(page, 43_200, messages_per_second=1, quiet_from=time(22), quiet_until=time(8))
    assert "Nothing leaves from 22:00 to 08:00 (Europe/Paris)." in told
    assert "It is done around 23 Nov 2026 at 09:00 (Europe/Paris) at the earliest." in told
    assert warned == ""


def test_an_end_beyond_a_year_is_said_plainly(page: Page) -> None:
    assert "more than a year" in ahead(page, 40_000_000, messages_per_second=1)[0]


def test_a_start_in_the_quiet_hours_is_warned_of(page: Page) -> None:
    night = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    _told, warned = ahead(page, start=night, quiet_from=time(22), quiet_until=time(8))
    assert "the first message leaves on 23 Nov 2026 at 08:00 (Europe/Paris)" in warned


@pytest.mark.parametrize(
    ("until", "quiet", "skipped"),
    [
        (datetime(2026, 11, 22, 10, 1, tzinfo=UTC), {}, "about 1,600 customers would be skipped"),
        (datetime(2026, 11, 22, 10, 2, tzinfo=UTC), {}, ""),
        (
            datetime(2026, 11, 22, 11, 0, tzinfo=UTC),
            {"quiet_from": time(11), "quiet_until": time(12)},
            "about 4,000 customers would be skipped",
        ),
    ],
)
def test_what_can_t_leave_while_it_is_useful_is_counted(
    page: Page, until: datetime, quiet: dict[str, Any], skipped: str
) -> None:
    _told, warned = ahead(page, useful_until=until, **quiet)
    assert skipped in warned
    assert bool(skipped) == ("can't be finished while it is useful" in warned)


def test_the_first_slice_is_said_where_there_is_more_than_it(page: Page) -> None:
    assert "After the first 200 it pauses" in ahead(page, 201, canary_size=200)[0]
    assert "After the first" not in ahead(page, 200, canary_size=200)[0]


def test_the_ceiling_is_said(page: Page) -> None:
    assert "It pauses by itself when 15% of the latest deliveries" in ahead(page, failure_ceiling=15)[0]
    assert "It pauses by itself" not in ahead(page, failure_ceiling=None)[0]


def test_a_page_on_hold_is_warned_of_beside_the_form(marketing: Client) -> None:
    page = LinkedPageFactory(state=PageState.ON_HOLD)
    assert "is on hold" in counted(marketing, page=page.pk)


def test_what_is_being_typed_is_in_the_forecast(marketing: Client, page: Page) -> None:
    OptInFactory.create_batch(3, page=page)
    told = counted(marketing, page=page.pk, **OPTIONS).replace("&#x27;", "'")
    assert "the campaign's own pace" in told
    assert "At most 10 a second · quiet from 22:00 to 08:00 (Europe/Paris) · pauses after the first 200" in told


@pytest.mark.parametrize("value", ["", "soon", "-1", "99999999999999999999"])
def test_what_is_not_understood_is_left_out_of_the_forecast(marketing: Client, page: Page, value: str) -> None:
    told = counted(marketing, page=page.pk, timing="later", launch_at=value, **dict.fromkeys(OPTIONS, value))
    assert "from this page" in told


@pytest.mark.parametrize(
    ("policy", "words"),
    [("send", "it is sent late"), ("skip", "it is cancelled and not sent late"), ("ask", "it waits and asks")],
)
def test_what_happens_when_nothing_runs_at_that_time_is_said(
    marketing: Client, page: Page, policy: str, words: str
) -> None:
    told = counted(marketing, page=page.pk, timing="later", launch_at="2999-11-22T14:00", if_late=policy)
    assert words in told


def test_hours_are_those_of_the_page_s_site(marketing: Client) -> None:
    page = PageFactory()
    LinkFactory(page=page, site=SiteFactory(timezone="America/New_York"))
    assert "22:00 to 08:00 (America/New_York)" in counted(marketing, page=page.pk, **OPTIONS)


@pytest.mark.parametrize("act", ["launch", "schedule"])
def test_the_question_states_what_it_leads_to(marketing: Client, page: Page, act: str) -> None:
    OptInFactory.create_batch(3, page=page)
    later = datetime(2999, 11, 22, 22, 0, tzinfo=UTC)
    campaign = CampaignFactory(
        page=page, scheduled_for=later, canary_size=2, messages_per_second=1, quiet_from=time(22), quiet_until=time(8)
    )
    asked = text(marketing.get(reverse(f"admin:notifications_campaign_{act}", args=[campaign.pk])))
    assert "the campaign's own pace" in asked
    assert "After the first 2 it pauses" in asked
    assert "Nothing leaves from 22:00 to 08:00 (Europe/Paris)." in asked
    assert ("It would start in its quiet hours" in asked) or act == "launch"
    assert ("it waits and asks" in asked) == (act == "schedule")


def test_a_copy_goes_out_as_its_original(marketing: Client, page: Page) -> None:
    campaign = CampaignFactory(
        page=page,
        running=True,
        if_late="send",
        messages_per_second=7,
        quiet_from=time(21),
        quiet_until=time(9),
        canary_size=50,
        failure_ceiling=None,
    )
    marketing.post(reverse("admin:notifications_campaign_duplicate", args=[campaign.pk]))
    copy = Campaign.objects.latest("pk")
    copied = ["if_late", "messages_per_second", "quiet_from", "quiet_until", "canary_size", "failure_ceiling"]
    assert {name: getattr(copy, name) for name in copied} == {name: getattr(campaign, name) for name in copied}
