"""Why a campaign stands still: on its page, in the list and on the dashboard, with what there is to do."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from messenger_admin.roles import MARKETING, SUPPORT
from notifications.admin import halts, times
from notifications.admin.campaigns import progress
from notifications.models import Campaign, Delivery, Heartbeat, Tally
from notifications.states import CampaignState, DeliveryState, Halt
from tests.factories import CampaignFactory, ContentFactory, DeliveryFactory, LinkedPageFactory, TallyFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db
C = CampaignState
LIST = reverse("admin:notifications_campaign_changelist")
THEN = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


@pytest.fixture
def marketing() -> Client:
    return client_as(MARKETING)


@pytest.fixture(autouse=True)
def worker() -> None:
    Heartbeat.objects.create(name="worker", seen_at=timezone.now() + timedelta(hours=1))


def page_of(client: Client, campaign: Campaign) -> str:
    shown = client.get(reverse("admin:notifications_campaign_change", args=[campaign.pk])).content.decode()
    return shown.replace("&#x27;", "'").replace("&amp;", "&")


def failing() -> Campaign:
    detail = {"failed": 37, "ended": 60}
    campaign: Campaign = CampaignFactory(running=True, state=C.PAUSED, halt=Halt.FAILURES, halt_detail=detail)
    return campaign


def sliced() -> Campaign:
    campaign: Campaign = CampaignFactory(running=True, state=C.PAUSED, halt=Halt.CANARY, halt_detail={"size": 200})
    TallyFactory(campaign=campaign, sent=198, failed=2, queued=800)
    return campaign


def late(**fields: Any) -> Campaign:
    state = fields.pop("state", C.SCHEDULED)
    campaign: Campaign = CampaignFactory(
        page=LinkedPageFactory(), state=state, content=ContentFactory(), scheduled_for=THEN, halt=Halt.LATE, **fields
    )
    return campaign


def refused() -> Campaign:
    problems = [{"code": "audience_empty", "params": {}}, {"code": "page_on_hold", "params": {"page": "Apparel"}}]
    campaign: Campaign = CampaignFactory(halt=Halt.REFUSED, halt_detail={"problems": problems})
    return campaign


# --- Its page -----------------------------------------------------------------------------------------------------


def test_failures_are_told_in_figures_with_the_way_to_them(marketing: Client) -> None:
    campaign = failing()
    shown = page_of(marketing, campaign)
    assert "37 of the latest 60 failed or are in doubt." in shown
    assert f"campaign__id__exact={campaign.pk}&state=failed" in shown
    assert f"campaign__id__exact={campaign.pk}&state=unknown" in shown


def test_figures_that_were_not_kept_are_not_made_up(marketing: Client) -> None:
    campaign = CampaignFactory(running=True, state=C.PAUSED, halt=Halt.FAILURES)
    shown = page_of(marketing, campaign)
    assert "Too many failures" in shown
    assert "of the latest" not in shown


def test_the_first_slice_is_told_with_what_became_of_it(marketing: Client) -> None:
    shown = page_of(marketing, sliced())
    assert "The first 200 have gone: 198 sent, 2 failed." in shown
    assert "resume it: the rest leaves" in shown


def test_a_missed_time_is_told_with_the_four_ways_out(marketing: Client) -> None:
    campaign = late()
    shown = page_of(marketing, campaign)
    assert "It was to start on 22 Nov 2026 at 14:00 (Europe/Paris), and nothing ran then." in shown
    for act in ("launch", "reschedule", "unschedule", "cancel"):
        assert reverse(f"admin:notifications_campaign_{act}", args=[campaign.pk]) in shown
    assert "It starts by itself" not in shown


def test_one_that_was_not_to_be_sent_late_says_so_when_it_is_cancelled(marketing: Client) -> None:
    campaign = late(state=C.CANCELLED)
    assert "it was not to be sent late" in page_of(marketing, campaign)
    assert not halts.waits(campaign)


def test_each_refusal_is_a_line(marketing: Client) -> None:
    shown = page_of(marketing, refused())
    assert "<li>Nobody in this audience has an active opt-in." in shown
    assert "<li>The page Apparel is on hold." in shown


def test_a_refusal_that_an_older_version_wrote_stands_as_it_was_written() -> None:
    campaign = CampaignFactory(halt=Halt.REFUSED, halt_detail={"problems": ["The page has no token."]})
    assert halts.words(campaign) == "The page has no token."


@pytest.mark.parametrize("halt", [failing, sliced, late, refused])
def test_every_reader_reads_it_in_a_language_of_their_own(halt: Any) -> None:
    campaign = halt()
    english = halts.words(campaign)
    with translation.override("fr"):
        assert halts.words(campaign) != english


def test_who_may_not_launch_reads_why_and_has_no_buttons() -> None:
    campaign = failing()
    shown = page_of(client_as(SUPPORT), campaign)
    assert "37 of the latest 60" in shown
    assert reverse("admin:notifications_campaign_adjust", args=[campaign.pk]) not in shown


@pytest.mark.parametrize(
    ("fields", "pauses"),
    [
        ({"halt": Halt.CANARY}, False),
        ({"canary_passed_at": THEN}, False),
        ({}, True),
    ],
)
def test_resuming_says_of_the_first_slice_only_what_is_still_to_come(
    marketing: Client, fields: dict[str, Any], pauses: bool
) -> None:
    campaign = CampaignFactory(running=True, state=C.PAUSED, canary_size=200, **fields)
    TallyFactory(campaign=campaign, queued=800)
    asked = marketing.get(reverse("admin:notifications_campaign_resume", args=[campaign.pk])).content.decode()
    assert ("After the first 200 it pauses" in asked) is pauses


# --- Quiet hours --------------------------------------------------------------------------------------------------


def resting(**fields: Any) -> Campaign:
    """Running, on a page of Paris, quiet from 22:00 to 08:00."""
    campaign: Campaign = CampaignFactory(
        page=LinkedPageFactory(), running=True, quiet_from=time(22), quiet_until=time(8), **fields
    )
    TallyFactory(campaign=campaign, queued=50)
    return campaign


NIGHT, NOON = datetime(2026, 11, 22, 22, 0, tzinfo=UTC), datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def test_quiet_hours_say_until_when_it_rests() -> None:
    told = progress.as_json(resting(), now=NIGHT, sample=None)
    assert told["pace"] == "rests until 08:00 (Europe/Paris)"


def test_outside_of_them_it_goes_at_its_pace() -> None:
    told = progress.as_json(resting(messages_per_second=2), now=NOON, sample=None)
    assert str(told["pace"]).startswith("At most 2 a second")


def test_the_page_is_drawn_anew_when_a_rest_begins_or_ends() -> None:
    campaign = resting()
    night, noon = (progress.as_json(campaign, now=now, sample=None)["standing"] for now in (NIGHT, NOON))
    assert night != noon


def test_the_end_of_the_work_leaves_the_quiet_hours_out() -> None:
    campaign = resting(messages_per_second=1)
    Tally.objects.update(queued=12 * 3600)
    campaign.refresh_from_db()
    told = progress.as_json(campaign, now=NOON, sample=None)
    assert told["pace"] == "At most 1 a second · about 22 hours left, done around 10:00"


def test_a_paused_campaign_does_not_rest() -> None:
    assert progress.rests_until(resting(state=C.PAUSED), now=NIGHT) is None


def test_the_page_says_that_it_rests(marketing: Client) -> None:
    # Quiet whenever the test runs: from a minute ago for a day less two minutes.
    wall = timezone.now().astimezone(times.zone_of(LinkedPageFactory()))
    begin, end = (wall - timedelta(minutes=1)).time(), (wall - timedelta(minutes=3)).time()
    campaign = resting()
    Campaign.objects.update(quiet_from=begin.replace(microsecond=0), quiet_until=end.replace(microsecond=0))
    shown = page_of(marketing, campaign)
    assert "Its quiet hours: it rests until" in shown
    assert "Waits for its next try" not in shown


# --- The list and the dashboard -----------------------------------------------------------------------------------


def test_the_list_says_why_each_stands_still(marketing: Client) -> None:
    failing(), sliced(), late(), refused()
    shown = marketing.get(LIST).content.decode()
    for words in (
        "37 of the latest 60",
        "198 sent, 2 failed",
        "Its time has passed",
        "It was not launched at its time",
    ):
        assert words in shown


def test_the_list_is_narrowed_to_those_that_wait_for_a_person(marketing: Client) -> None:
    halted = {failing(), sliced(), late(), refused()}
    late(state=C.CANCELLED)
    CampaignFactory(running=True, state=C.PAUSED)
    CampaignFactory(running=True)
    assert set(marketing.get(LIST, {"waits": "yes"}).context["cl"].queryset) == halted


def test_the_list_asks_as_many_questions_for_thirty_halted_as_for_three(
    marketing: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        sliced(), late()
    marketing.get(LIST)
    with django_assert_max_num_queries(30) as few:
        marketing.get(LIST)
    for _ in range(12):
        sliced(), late()
    with django_assert_max_num_queries(len(few.captured_queries)):
        marketing.get(LIST)


@pytest.mark.parametrize(
    ("halt", "title", "action"),
    [
        (failing, "is paused: too many fail", "Look and resume"),
        (sliced, "sent its first slice", "Look and resume"),
        (late, "missed its time", "Decide"),
        (refused, "was not launched", "Mend and launch"),
    ],
)
def test_the_dashboard_says_what_is_needed(marketing: Client, halt: Any, title: str, action: str) -> None:
    campaign = halt()
    shown = marketing.get(reverse("admin:index")).content.decode()
    assert f"“{campaign.name}” {title}" in shown
    assert f">{action}</a>" in shown
    assert f">{action}</a>" not in client_as(SUPPORT).get(reverse("admin:index")).content.decode()


# --- All its doubts at once ---------------------------------------------------------------------------------------

DECISIONS = [("treat_as_sent", DeliveryState.SENT), ("send_again", DeliveryState.QUEUED)]


def doubtful(count: int = 3) -> Campaign:
    campaign: Campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, unknown=count, sent=1)
    rows = DeliveryFactory.create_batch(count, campaign=campaign, state=DeliveryState.UNKNOWN)
    for row in rows:
        Delivery.objects.filter(pk=row.pk).update(page=row.optin.page)
    DeliveryFactory(state=DeliveryState.UNKNOWN)
    return campaign


def decide_url(campaign: Campaign, decision: str) -> str:
    return reverse(f"admin:notifications_campaign_{decision}", args=[campaign.pk])


def states_of(campaign: Campaign) -> set[str]:
    return set(Delivery.objects.filter(campaign=campaign).values_list("state", flat=True))


@pytest.mark.parametrize(("decision", "state"), DECISIONS)
def test_all_doubts_of_a_campaign_are_decided_once_their_number_was_typed(decision: str, state: str) -> None:
    support, campaign = client_as(SUPPORT), doubtful()
    asked = support.get(decide_url(campaign, decision)).content.decode()
    assert "3 deliveries?" in asked
    assert "type how many they are: 3" in asked
    support.post(decide_url(campaign, decision), {"typed": "3"})
    assert states_of(campaign) == {state}
    assert Delivery.objects.filter(state=DeliveryState.UNKNOWN).count() == 1, "those of others stay"
    assert Tally.objects.get(pk=campaign.pk).unknown == 0


@pytest.mark.parametrize("typed", ["", "2", "33", "three", "-"])
def test_another_number_decides_nothing(typed: str) -> None:
    support, campaign = client_as(SUPPORT), doubtful()
    answer = support.post(decide_url(campaign, "send_again"), {"typed": typed})
    assert "Nothing was decided. Type 3 here." in answer.content.decode()
    assert states_of(campaign) == {DeliveryState.UNKNOWN}


def test_the_question_says_that_it_may_duplicate() -> None:
    asked = client_as(SUPPORT).get(decide_url(doubtful(), "send_again")).content.decode()
    assert "may duplicate" in asked
    assert "gets it twice" in asked


def test_where_none_is_in_doubt_any_more_there_is_nothing_to_ask() -> None:
    campaign = CampaignFactory(running=True)
    TallyFactory(campaign=campaign, sent=1)
    answer = client_as(SUPPORT).get(decide_url(campaign, "send_again"), follow=True)
    assert "No delivery of this campaign is in doubt any more." in answer.content.decode()


def test_all_are_decided_only_by_who_may(marketing: Client) -> None:
    campaign = doubtful()
    assert marketing.post(decide_url(campaign, "send_again"), {"typed": "3"}).status_code == 403
    assert decide_url(campaign, "send_again") not in page_of(marketing, campaign)
    assert decide_url(campaign, "send_again") in page_of(client_as(SUPPORT), campaign)
