"""What is written down when rows move, and what that costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.callbacks.events import EventType
from notifications.models import CallbackEvent, Campaign, Delivery
from notifications.models.callback import CallbackState
from notifications.reasons import Reason
from notifications.services import campaigns, doubts, lease, ledger, marking, recording
from notifications.services.callbacks import telling
from notifications.services.recording import Result
from notifications.states import AttemptOutcome, CampaignState, DeliveryState
from optins.models import OptIn
from optins.services import Agreement, agree, expire_due, revoke
from optins.states import OptInState, Source
from pages.models import Page
from tests.factories import CampaignFactory, DeliveryFactory, LinkedPageFactory, OptInFactory, TallyFactory, UserFactory
from tests.support.callbacks import listened_to, types_of
from tests.support.ledger import launched
from tests.support.processes import ROOT

pytestmark = pytest.mark.django_db

D = DeliveryState


def marked(page: Page, count: int) -> tuple[list[int], int]:
    """Rows that are ours to send, and our fence."""
    DeliveryFactory.create_batch(count, optin=OptInFactory(page=page))
    held = lease.acquire(page_pk=page.pk, holder="us")
    assert held
    return [row.delivery_id for row in marking.mark(held=held, now=timezone.now(), most=count).rows], held.fence


def result(pk: int, state: DeliveryState, outcome: AttemptOutcome) -> Result:
    now = timezone.now().timestamp()
    return Result(
        delivery_id=pk,
        new_state=state,
        reason="",
        detail="",
        message_id="m_1",
        due_at=now if state == D.QUEUED else None,
        sent_at=now if state == D.SENT else None,
        ended_at=None if state == D.QUEUED else now,
        number=1,
        started_at=now,
        milliseconds=5,
        outcome=outcome,
        status_code=202,
        bytes_sent=10,
        answer="",
    )


def test_what_came_of_a_batch_is_told_row_by_row() -> None:
    page, callback = listened_to()
    (sent, failed, doubtful, again), fence = marked(page, 4)

    recording.record(
        [
            result(sent, D.SENT, AttemptOutcome.ACCEPTED),
            result(failed, D.FAILED, AttemptOutcome.FAILED),
            result(doubtful, D.UNKNOWN, AttemptOutcome.UNKNOWN),
            result(again, D.QUEUED, AttemptOutcome.RETRY),
        ],
        fence=fence,
    )

    assert types_of(callback) == ["delivery.sent", "delivery.failed", "delivery.unknown"]


def test_an_event_says_what_the_merchant_needs_to_know_it_by() -> None:
    page, _callback = listened_to()
    (sent,), fence = marked(page, 1)

    recording.record([result(sent, D.SENT, AttemptOutcome.ACCEPTED)], fence=fence)

    event = CallbackEvent.objects.get()
    row = Delivery.objects.get(pk=sent)
    assert event.number is None
    assert event.optin_id == row.optin_id
    assert event.data | {"created_at": "", "sent_at": ""} == {
        "delivery": sent,
        "page": page.page_id,
        "customer_id": row.whom,
        "campaign": None,
        "origin": "api",
        "reason": "",
        "attempts": 1,
        "message_id": "m_1",
        "created_at": "",
        "sent_at": "",
    }
    assert event.data["sent_at"].endswith("Z")


def treat_as_sent(page: Page) -> None:
    row = DeliveryFactory(optin=OptInFactory(page=page), state=D.UNKNOWN)
    doubts.treat_as_sent(delivery=row, actor=UserFactory(), now=timezone.now())


def take_back(page: Page) -> None:
    row = DeliveryFactory(optin=OptInFactory(page=page))
    revoke(optin=row.optin, actor=None, now=timezone.now())


def lose_the_sender(page: Page) -> None:
    marked(page, 1)
    recording.declare_unknown(page_pk=page.pk, before_fence=99, now=timezone.now())


def come_too_late(page: Page) -> None:
    DeliveryFactory(optin=OptInFactory(page=page), expires_at=timezone.now() - timedelta(seconds=1))
    held = lease.acquire(page_pk=page.pk, holder="us")
    assert held
    marking.mark(held=held, now=timezone.now(), most=10)


def cancel_a_campaign(page: Page) -> None:
    campaign = launched(2, page)
    campaigns.cancel(campaign=campaign, actor=None, now=timezone.now())
    campaigns.cancel_rows(campaign_pk=campaign.pk, now=timezone.now())


def get_a_receipt(page: Page) -> None:
    row = DeliveryFactory(optin=OptInFactory(page=page), state=D.SENT)
    ledger.move(Delivery.objects.filter(pk=row.pk), D.DELIVERED, frm=D.SENT, campaign_id=None)
    ledger.move(Delivery.objects.filter(pk=row.pk), D.READ, frm=D.DELIVERED, campaign_id=None)


@pytest.mark.parametrize(
    ("happen", "told"),
    [
        (treat_as_sent, ["delivery.sent"]),
        (take_back, ["optin.revoked", "delivery.skipped"]),
        (lose_the_sender, ["delivery.unknown"]),
        (come_too_late, ["delivery.skipped"]),
        (
            cancel_a_campaign,
            ["campaign.launched", "campaign.cancelled", "delivery.cancelled", "delivery.cancelled"],
        ),
        (get_a_receipt, ["delivery.delivered", "delivery.read"]),
    ],
)
def test_whoever_moves_a_delivery_its_site_is_told(happen: Callable[[Page], None], told: list[str]) -> None:
    page, callback = listened_to()

    happen(page)

    assert types_of(callback) == told


def test_a_campaigns_whole_life_is_told() -> None:
    page, callback = listened_to()
    campaign = CampaignFactory(page=page)
    OptInFactory(page=page)
    now = timezone.now()

    campaigns.launch(campaign=campaign, actor=None, now=now)
    campaign.refresh_from_db()
    campaigns.pause(campaign=campaign, actor=None, now=now)
    campaigns.resume(campaign=campaign, actor=None, now=now)
    Campaign.objects.filter(pk=campaign.pk).update(expanded_at=now)
    assert campaigns.finish_if_done(campaign_pk=campaign.pk, now=now)

    assert types_of(callback) == ["campaign.launched", "campaign.paused", "campaign.resumed", "campaign.finished"]
    assert CallbackEvent.objects.filter(type="campaign.finished").get().data["name"] == campaign.name


def test_a_move_that_did_not_happen_is_not_told() -> None:
    page, callback = listened_to()
    campaign = TallyFactory(campaign__page=page, campaign__running=True).campaign

    assert campaigns.pause(campaign=campaign, actor=None, now=timezone.now())
    assert not Campaign.objects.filter(pk=campaign.pk).move(CampaignState.PAUSED)

    assert types_of(callback) == ["campaign.paused"]


def test_an_agreement_is_told_when_it_begins_and_when_it_ends() -> None:
    page, callback = listened_to()
    now = timezone.now()

    def agrees(expires_in: int | None = None) -> OptIn:
        expires_at = now + timedelta(seconds=expires_in) if expires_in else None
        agreement = Agreement(source=Source.BUTTON, expires_at=expires_at)
        return agree(page=page, customer_id="c-1", agreement=agreement, now=now)

    optin = agrees()
    agrees()
    revoke(optin=optin, actor=None, now=now)
    agrees(expires_in=60)
    assert expire_due(now=now + timedelta(hours=1)) == 1

    assert types_of(callback) == ["optin.granted", "optin.revoked", "optin.granted", "optin.expired"]
    assert OptIn.objects.get().state == OptInState.EXPIRED


def test_a_site_is_told_only_what_it_chose() -> None:
    page, callback = listened_to(types=["delivery.skipped"])

    take_back(page)

    assert types_of(callback) == ["delivery.skipped"]


@pytest.mark.parametrize(("state", "count"), [(CallbackState.OFF, 0), (CallbackState.ON, 1)])
def test_a_callback_that_is_off_writes_nothing_down(state: CallbackState, count: int) -> None:
    page, callback = listened_to(state=state)

    treat_as_sent(page)

    assert len(types_of(callback)) == count


def test_a_callback_that_was_stopped_goes_on_writing_down() -> None:
    page, callback = listened_to(state=CallbackState.STOPPED, stop="gave_up")

    treat_as_sent(page)

    assert types_of(callback) == ["delivery.sent"]


def test_another_sites_page_is_not_told_of() -> None:
    _page, callback = listened_to()

    treat_as_sent(LinkedPageFactory())

    assert types_of(callback) == []


def test_a_move_that_is_rolled_back_was_never_told() -> None:
    page, callback = listened_to()
    (sent,), fence = marked(page, 1)

    with transaction.atomic():
        recording.record([result(sent, D.SENT, AttemptOutcome.ACCEPTED)], fence=fence)
        assert types_of(callback) == ["delivery.sent"]
        transaction.set_rollback(True)

    assert types_of(callback) == []


@pytest.mark.parametrize("count", [1, 50])
def test_without_a_callback_a_batch_costs_one_query_however_many_rows_it_has(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listened_to()
    page = LinkedPageFactory()
    rows = [(pk, page.pk) for pk in range(1, count + 1)]

    with django_assert_num_queries(1):
        telling.deliveries_moved(rows)


def test_rows_on_their_way_ask_nobody(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    page, _callback = listened_to()
    row = DeliveryFactory(optin=OptInFactory(page=page))

    with django_assert_num_queries(1):
        Delivery.objects.filter(pk=row.pk).move(D.DISPATCHING, frm=D.QUEUED, fence=1, dispatch_started_at=row.due_at)


def test_the_site_that_the_page_belongs_to_today_is_told() -> None:
    page, callback = listened_to()
    page.links.update(closed_at=timezone.now() + timedelta(hours=1))

    treat_as_sent(page)

    assert types_of(callback) == []


def test_a_reason_is_told_with_the_row() -> None:
    page, _callback = listened_to()

    take_back(page)

    assert CallbackEvent.objects.get(type=EventType.DELIVERY_SKIPPED).data["reason"] == Reason.OPTED_OUT


def test_the_documentation_shows_the_fields_of_a_delivery() -> None:
    page, _callback = listened_to()
    text = (ROOT / "docs" / "callbacks.md").read_text()

    treat_as_sent(page)
    campaigns.launch(campaign=_agreed(page), actor=None, now=timezone.now())
    revoke(optin=OptIn.objects.get(customer_id="agreed"), actor=None, now=timezone.now())

    for kind in ("delivery.sent", "optin.revoked", "campaign.launched"):
        fields = CallbackEvent.objects.filter(type=kind).get().data
        assert [name for name in fields if f'"{name}"' not in text and f"`{name}`" not in text] == []


def _agreed(page: Page) -> Campaign:
    OptInFactory(page=page, customer_id="agreed")
    made: Campaign = CampaignFactory(page=page)
    return made


def test_of_a_batch_only_the_rows_that_were_chosen_are_told() -> None:
    page, callback = listened_to(types=["delivery.failed"])
    (sent, failed), fence = marked(page, 2)

    recording.record(
        [result(sent, D.SENT, AttemptOutcome.ACCEPTED), result(failed, D.FAILED, AttemptOutcome.FAILED)], fence=fence
    )

    assert types_of(callback) == ["delivery.failed"]
