"""The pump against a real far end: what the ledger says and what was received are compared."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from messenger_admin.sandbox.behaviours import Kind
from notifications.gateway import iadvize
from notifications.gateway.contract import Envelope, Request
from notifications.hints import PUMP_PAGE
from notifications.models import Attempt, Campaign, Delivery, Lease
from notifications.reasons import Reason
from notifications.services import campaigns
from notifications.services.pumping import pump_page
from notifications.states import AttemptOutcome, CampaignState, DeliveryState
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Page
from tests.factories import DeliveryFactory, LinkedPageFactory, OptInFactory
from tests.support.ledger import launched, states
from tests.support.processes import wait_for
from tests.support.racing import aside
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)


def run_out(page: Page) -> None:
    Lease.objects.filter(pk=page.pk).update(expires_at=timezone.now() - timedelta(seconds=1), rest_until=None)


def due_now() -> None:
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=timezone.now())


def test_a_campaign_is_sent_to_everyone_once(sandbox: FarEnd) -> None:
    campaign = launched(300)

    pump_page(campaign.page_id)

    received = [message.customer_id for message in sandbox.received()]
    assert sorted(received) == sorted(OptIn.objects.values_list("customer_id", flat=True))
    assert states(campaign) == {"sent": 300}
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED


def test_the_body_arrives_byte_for_byte(sandbox: FarEnd) -> None:
    row = DeliveryFactory(content__body='{"text":"Été à 4.95 €"}')

    pump_page(row.page_id)

    assert sandbox.received()[0].body == '{"text":"Été à 4.95 €"}'.encode()


def test_each_try_is_written_down_with_what_was_answered(sandbox: FarEnd) -> None:
    pump_page(DeliveryFactory().page_id)

    attempt, row = Attempt.objects.get(), Delivery.objects.get()
    assert (attempt.outcome, attempt.status_code, attempt.number) == (AttemptOutcome.ACCEPTED, 202, 1)
    assert '"success"' in attempt.answer
    assert attempt.bytes_sent > 100
    assert row.provider_message_id == sandbox.received()[0].message_id
    assert row.sent_at is not None


def test_a_refusal_fails_that_recipient_alone(sandbox: FarEnd) -> None:
    campaign = launched(3)
    unlucky = OptIn.objects.earliest("pk")
    sandbox.tell(Kind.ANSWER, customer_prefix=unlucky.customer_id, status=404, delivers=False)

    pump_page(campaign.page_id)

    assert states(campaign) == {"sent": 2, "failed": 1}
    assert Delivery.objects.get(optin=unlucky).reason == Reason.NOT_FOUND


def test_silence_after_the_request_left_is_a_doubt_and_is_never_sent_again(sandbox: FarEnd) -> None:
    row = DeliveryFactory()
    sandbox.tell(Kind.DROP)

    pump_page(row.page_id)
    run_out(row.page)
    pump_page(row.page_id)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.UNKNOWN, Reason.NO_ANSWER)
    assert len(sandbox.received()) == 1


def test_what_certainly_did_not_leave_is_tried_again_later(sandbox: FarEnd, settings: Settings) -> None:
    row = DeliveryFactory()
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    pump_page(row.page_id)
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts) == (DeliveryState.QUEUED, Reason.CONNECTION_REFUSED, 1)

    settings.SANDBOX_URL = sandbox.url
    run_out(row.page)
    due_now()
    pump_page(row.page_id)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)
    assert [a.outcome for a in Attempt.objects.order_by("pk")] == [AttemptOutcome.RETRY, AttemptOutcome.ACCEPTED]


def test_a_paused_campaign_sends_nothing_and_the_page_goes_on(sandbox: FarEnd) -> None:
    campaign = launched(5)
    campaigns.pause(campaign=campaign, actor=None, now=timezone.now())
    transactional = DeliveryFactory(optin=OptInFactory(page=campaign.page))

    pump_page(campaign.page_id)

    assert states(campaign) == {"queued": 5}
    assert [m.customer_id for m in sandbox.received()] == [transactional.optin.customer_id]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": OptInState.REVOKED}, Reason.OPTED_OUT),
        ({"state": OptInState.EXPIRED}, Reason.OPT_IN_EXPIRED),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, Reason.OPT_IN_EXPIRED),
    ],
)
def test_consent_is_looked_at_again_when_its_turn_comes(
    sandbox: FarEnd, change: dict[str, object], reason: Reason
) -> None:
    campaign = launched(2)
    gone = OptIn.objects.earliest("pk")
    OptIn.objects.filter(pk=gone.pk).update(**change)  # behind the services' back, as a restored copy would be

    pump_page(campaign.page_id)

    assert states(campaign) == {"sent": 1, "skipped": 1}
    assert Delivery.objects.get(optin=gone).reason == reason
    assert gone.customer_id not in {m.customer_id for m in sandbox.received()}


def test_what_is_too_old_to_be_useful_is_skipped(sandbox: FarEnd) -> None:
    row = DeliveryFactory(expires_at=timezone.now() - timedelta(seconds=1))

    pump_page(row.page_id)

    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.TOO_OLD)


def test_a_transactional_message_goes_before_a_campaign(sandbox: FarEnd, settings: Settings) -> None:
    settings.BATCH_SIZE = settings.MAX_IN_FLIGHT = 1
    campaign = launched(5)
    receipt = DeliveryFactory(optin=OptInFactory(page=campaign.page))

    pump_page(campaign.page_id)

    assert sandbox.received()[0].customer_id == receipt.optin.customer_id


def test_rows_are_marked_and_committed_before_a_byte_leaves(sandbox: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    launched(20)
    seen: list[tuple[bool, set[str]]] = []
    build = iadvize.build

    def watching(envelope: Envelope) -> Request:
        rows = Delivery.objects.filter(pk=envelope.delivery_id)
        seen.append((connection.in_atomic_block, set(rows.values_list("state", flat=True))))
        return build(envelope)

    monkeypatch.setattr(iadvize, "build", watching)
    pump_page(Page.objects.get().pk)

    assert seen == [(False, {DeliveryState.DISPATCHING})] * 20


def test_the_pace_of_the_page_is_kept(sandbox: FarEnd, settings: Settings) -> None:
    settings.PACE_LIMIT = True
    page = LinkedPageFactory(messages_per_second=20)
    launched(30, page)

    pump_page(page.pk)

    times = [message.received_at for message in sandbox.received()]
    assert len(times) == 30
    assert times[-1] - times[0] > 0.9, "29 twentieths of a second, less what the first was late"


def test_the_pace_goes_on_from_one_pump_to_the_next(sandbox: FarEnd, settings: Settings) -> None:
    settings.PACE_LIMIT, settings.PUMP_SLICE = True, 0.05
    campaign = launched(2, LinkedPageFactory(messages_per_second=1))

    while states(campaign) != {"sent": 2}:
        pump_page(campaign.page_id)

    first, second = (message.received_at for message in sandbox.received())
    assert second - first > 0.5


def test_no_database_connection_is_held_while_the_far_end_takes_its_time(sandbox: FarEnd) -> None:
    row = DeliveryFactory()
    sandbox.tell(Kind.SLOW, seconds=3.0)
    answered: list[int | None] = []

    def watch(pumps: BaseDatabaseWrapper) -> None:
        wait_for(sandbox.received, "the message")
        wait_for(lambda: pumps.connection is None, "the end of the connection")
        answered.extend(message.status for message in sandbox.received())

    def pump() -> None:
        watcher = threading.Thread(target=watch, args=[connections["default"]])
        watcher.start()
        pump_page(row.page_id)
        watcher.join()

    aside(pump).join()

    assert answered == [None]
    row.refresh_from_db()
    assert row.state == DeliveryState.SENT


def test_pumping_a_page_without_work_costs_a_handful_of_queries(
    sandbox: FarEnd, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = LinkedPageFactory()
    pump_page(page.pk)

    with django_assert_max_num_queries(22):
        pump_page(page.pk)
    assert Campaign.objects.count() == 0


def test_a_campaign_that_has_nothing_due_does_not_slow_the_others_down(sandbox: FarEnd) -> None:
    waiting = launched(1)
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=1))
    busy = launched(249, waiting.page)

    pump_page(busy.page_id)

    assert states(busy) == {"sent": 250}
    assert states(waiting) == {"queued": 1}


def test_a_pump_whose_slice_is_over_asks_for_the_next(
    sandbox: FarEnd, settings: Settings, hints: list[tuple[str, int]]
) -> None:
    settings.PUMP_SLICE, settings.BATCH_SIZE = 0.01, 5
    campaign = launched(200)
    hints.clear()

    pump_page(campaign.page_id)

    assert states(campaign)["queued"] > 0
    assert hints == [(PUMP_PAGE, campaign.page_id)]
