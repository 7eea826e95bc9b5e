"""Campaigns that stop by themselves: after too many failures, and after their first slice."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.models import Campaign, Delivery, Lease, Tally
from notifications.services import campaigns, doubts, expansion, slices, watching
from notifications.services.pumping import pump_page
from notifications.services.sweep import pages_with_work, sweep
from notifications.services.watching import FEWEST, WINDOW, Results
from notifications.states import CampaignState, DeliveryState, Halt
from optins.models import OptIn
from optins.services import revoke
from pages.models import AuditEntry
from tests.factories import CampaignFactory, LinkedPageFactory, OptInFactory, TallyFactory, UserFactory
from tests.support.ledger import launched, states
from tests.support.racing import race
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db


def look(campaign: Campaign, failed: int, ended: int) -> None:
    watching.look({campaign.pk: Results(failed, ended)}, now=timezone.now())


def with_tally(counts: Mapping[str, int], *, ceiling: int | None = 20) -> Campaign:
    campaign: Campaign = TallyFactory(campaign__failure_ceiling=ceiling, **counts).campaign
    return campaign


def to_be_tried_again_in_an_hour() -> None:
    """Whatever chance made of it, and those that were called back before a socket was opened for them."""
    Lease.objects.update(rest_until=None)
    Delivery.objects.filter(fence__isnull=False).update(due_at=timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize(
    ("counts", "ceiling", "halt"),
    [
        ({"sent": 16, "failed": 4}, 20, Halt.FAILURES),
        ({"sent": 16, "unknown": 4}, 20, Halt.FAILURES),
        ({"delivered": 10, "read": 6, "failed": 2, "unknown": 2}, 20, Halt.FAILURES),
        ({"sent": 17, "failed": 3}, 20, ""),
        ({"failed": FEWEST - 1}, 20, ""),
        ({"failed": FEWEST}, 100, Halt.FAILURES),
        ({"failed": FEWEST - 1, "sent": 1}, 100, ""),
        ({"failed": FEWEST}, None, ""),
        # What was skipped, waits or was cancelled is no result.
        ({"failed": 4, "sent": 15, "skipped": 100, "queued": 100, "cancelled": 3}, 20, ""),
        ({"failed": 4, "sent": 16, "skipped": 100}, 20, Halt.FAILURES),
    ],
)
def test_it_pauses_at_its_share_of_failures(counts: Mapping[str, int], ceiling: int | None, halt: str) -> None:
    campaign = with_tally(counts, ceiling=ceiling)

    look(campaign, failed=1, ended=1)

    campaign.refresh_from_db()
    assert campaign.halt == halt
    assert campaign.state == (CampaignState.PAUSED if halt else CampaignState.RUNNING)


def test_it_says_how_many_failed_and_that_nobody_paused_it() -> None:
    campaign = with_tally({"sent": 30, "failed": 10})

    look(campaign, failed=10, ended=10)

    campaign.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert campaign.halt_detail == {"failed": 10, "ended": 40}
    assert (entry.actor, entry.action, entry.detail) == (
        None,
        "campaign.paused",
        {"halt": "failures", "failed": 10, "ended": 40},
    )


def test_what_went_well_long_ago_does_not_hide_what_fails_now() -> None:
    campaign = with_tally({"sent": 100_000, "failed": 50})

    look(campaign, failed=50, ended=100)

    campaign.refresh_from_db()
    assert campaign.halt_detail == {"failed": 50, "ended": 100}


def test_a_full_window_is_followed_by_a_new_one() -> None:
    campaign = with_tally({"sent": WINDOW, "failed": 2})

    look(campaign, failed=2, ended=10)

    tally = Tally.objects.get()
    assert (tally.judged_failed, tally.judged_ended) == (0, WINDOW + 2 - 10)


def test_nothing_is_asked_of_the_database_where_nothing_failed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    campaign = with_tally({"sent": 300})

    with django_assert_num_queries(0):
        look(campaign, failed=0, ended=100)


def test_resuming_looks_at_the_failures_anew() -> None:
    campaign = with_tally({"sent": 10, "failed": 10})
    look(campaign, failed=10, ended=20)

    assert campaigns.resume(campaign=campaign, actor=UserFactory(), now=timezone.now())
    look(campaign, failed=1, ended=1)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.halt) == (CampaignState.RUNNING, "")


@pytest.mark.django_db(transaction=True)
def test_a_failing_campaign_stops_within_one_batch(sandbox: FarEnd, settings: Settings) -> None:
    settings.BATCH_SIZE = settings.MAX_IN_FLIGHT = 10
    campaign = launched(200)
    sandbox.tell(Kind.ANSWER, status=400, delivers=False)

    pump_page(campaign.page_id)

    campaign.refresh_from_db()
    tried = states(campaign)["failed"]
    assert campaign.halt == Halt.FAILURES
    assert campaign.halt_detail["failed"] == campaign.halt_detail["ended"] >= FEWEST
    assert tried <= campaign.halt_detail["ended"] + 2 * settings.BATCH_SIZE


def test_the_first_slice_leaves_and_then_it_pauses(sandbox: FarEnd) -> None:
    campaign = launched(30, canary_size=7)

    pump_page(campaign.page_id)
    pump_page(campaign.page_id)

    campaign.refresh_from_db()
    first = OptIn.objects.order_by("pk").values_list("customer_id", flat=True)[:7]
    assert sorted(message.customer_id for message in sandbox.received()) == sorted(first)
    assert (campaign.state, campaign.halt, campaign.halt_detail) == (CampaignState.PAUSED, Halt.CANARY, {"size": 7})
    assert AuditEntry.objects.filter(action="campaign.paused", actor=None).exists()


def test_a_person_lets_the_rest_leave(sandbox: FarEnd) -> None:
    campaign = launched(30, canary_size=7)
    pump_page(campaign.page_id)

    assert campaigns.resume(campaign=campaign, actor=UserFactory(), now=timezone.now())
    pump_page(campaign.page_id)

    campaign.refresh_from_db()
    assert states(campaign) == {"sent": 30}
    assert campaign.state == CampaignState.FINISHED
    assert campaign.canary_passed_at is not None


def test_resuming_a_pause_of_another_kind_does_not_end_the_trial(sandbox: FarEnd) -> None:
    campaign = launched(30, canary_size=7)
    campaigns.pause(campaign=campaign, actor=None, now=timezone.now())
    campaigns.resume(campaign=campaign, actor=None, now=timezone.now())

    pump_page(campaign.page_id)

    assert states(campaign) == {"sent": 7, "queued": 23}


@pytest.mark.parametrize("size", [3, 4, 100])
def test_an_audience_within_the_slice_just_finishes(sandbox: FarEnd, size: int) -> None:
    campaign = launched(3, canary_size=size)

    pump_page(campaign.page_id)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.halt) == (CampaignState.FINISHED, "")


def test_a_row_that_is_tried_again_keeps_its_place_in_the_slice(sandbox: FarEnd, settings: Settings) -> None:
    campaign = launched(20, canary_size=5)
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    pump_page(campaign.page_id)
    to_be_tried_again_in_an_hour()
    settings.SANDBOX_URL = sandbox.url
    pump_page(campaign.page_id)
    assert sandbox.received() == [], "the others wait for those that are tried again"
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING

    Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=timezone.now())
    pump_page(campaign.page_id)

    campaign.refresh_from_db()
    assert states(campaign) == {"sent": 5, "queued": 15}
    assert campaign.halt == Halt.CANARY


def test_a_slice_that_waits_for_its_next_try_kicks_nobody(sandbox: FarEnd, settings: Settings) -> None:
    campaign = launched(20, canary_size=5)
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    pump_page(campaign.page_id)
    to_be_tried_again_in_an_hour()

    assert not pages_with_work(timezone.now()).exists()

    Delivery.objects.filter(attempts__gt=0).update(due_at=timezone.now())
    assert pages_with_work(timezone.now()).count() == 1


def test_what_is_skipped_makes_room_in_the_slice(sandbox: FarEnd) -> None:
    campaign = launched(20, canary_size=5)
    for optin in OptIn.objects.order_by("pk")[:3]:
        revoke(optin=optin, actor=None, now=timezone.now())

    pump_page(campaign.page_id)

    assert states(campaign) == {"skipped": 3, "sent": 5, "queued": 12}


def test_what_is_sent_again_takes_nobodys_place(sandbox: FarEnd) -> None:
    campaign = launched(20, canary_size=5)
    sandbox.tell(Kind.DROP, customer_prefix=OptIn.objects.earliest("pk").customer_id, remaining=1)
    pump_page(campaign.page_id)
    doubtful = Delivery.objects.get(state=DeliveryState.UNKNOWN)
    Campaign.objects.update(state=CampaignState.RUNNING, halt="")

    doubts.send_again(delivery=doubtful, actor=UserFactory(), now=timezone.now())
    pump_page(campaign.page_id)

    assert len({message.customer_id for message in sandbox.received()}) == 5


def test_the_slice_reaches_across_chunks_of_the_expansion(sandbox: FarEnd, settings: Settings) -> None:
    settings.EXPANSION_CHUNK = 4
    page = LinkedPageFactory()
    OptInFactory.create_batch(12, page=page)
    campaigns.launch(campaign=CampaignFactory(page=page, canary_size=6), actor=None, now=timezone.now())
    campaign = Campaign.objects.get()
    expansion.expand_chunk(campaign=campaign, now=timezone.now())
    pump_page(page.pk)
    assert Campaign.objects.get().state == CampaignState.RUNNING, "the slice is not complete yet"

    expansion.expand(campaign.pk)
    pump_page(page.pk)

    assert states(campaign) == {"sent": 6, "queued": 6}
    assert Campaign.objects.get().halt == Halt.CANARY


@pytest.mark.django_db(transaction=True)
def test_several_pumps_at_once_send_no_more_than_the_slice(sandbox: FarEnd, settings: Settings) -> None:
    settings.PUMP_SLICE, settings.BATCH_SIZE = 0.05, 3
    campaign = launched(40, canary_size=10)

    for _ in range(4):
        race(*[lambda: pump_page(campaign.page_id)] * 3)

    assert states(campaign) == {"sent": 10, "queued": 30}


def test_the_sweep_pauses_what_a_dead_pump_did_not() -> None:
    campaign = launched(10, canary_size=2)
    first = slices.due(campaign.pk, 2, timezone.now() + timedelta(seconds=1), 10)
    Delivery.objects.filter(pk__in=first).update(state=DeliveryState.SENT)
    Tally.objects.update(sent=2, queued=8)

    sweep()

    assert Campaign.objects.get().halt == Halt.CANARY
