"""The audit recounts the ledger: it passes a healthy one, and names each thing that disagrees."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from messenger_admin.sandbox.behaviours import Kind
from notifications.models import Attempt, Campaign, Delivery, Lease, Tally
from notifications.reasons import Reason
from notifications.services import doubts
from notifications.services.auditing.checks import CHECKS
from notifications.services.auditing.run import snapshot
from notifications.services.pumping import pump_page
from notifications.states import AttemptOutcome, CampaignState, DeliveryState
from optins.models import ConsentEvent, ConsentKind, OptIn
from tests.factories import AttemptFactory, DeliveryFactory, LeaseFactory, LinkedPageFactory, OptInFactory, UserFactory
from tests.support.ledger import launched, optin_of
from tests.support.racing import race
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db(transaction=True)

AN_HOUR = timedelta(hours=1)


def audit() -> list[dict[str, object]]:
    """What the command reports; it exits with 1 exactly where that is something."""
    said = StringIO()
    try:
        call_command("audit_ledger", "--json", stdout=said)
        failed = False
    except SystemExit as end:
        failed = end.code == 1
    found = [json.loads(line) for line in said.getvalue().splitlines()]
    assert failed == bool(found)
    return found


@pytest.fixture
def healthy(sandbox: FarEnd) -> Campaign:
    """A campaign that was really sent: most accepted, one refused, one in doubt and sent again, one given up."""
    campaign = launched(8)
    OptInFactory(page=campaign.page)
    first, second, third = OptIn.objects.order_by("pk")[:3]
    sandbox.tell(Kind.ANSWER, customer_prefix=first.customer_id, status=404, delivers=False)
    sandbox.tell(Kind.DROP, customer_prefix=second.customer_id)
    sandbox.tell(Kind.DROP, customer_prefix=third.customer_id)
    pump_page(campaign.page_id)
    actor = UserFactory()
    by_optin = Delivery.objects.filter(campaign=campaign)
    doubts.treat_as_sent(delivery=by_optin.get(optin=third), actor=actor, now=timezone.now())
    doubts.send_again(delivery=by_optin.get(optin=second), actor=actor, now=timezone.now())
    pump_page(campaign.page_id)
    return campaign


def some_row(state: DeliveryState = DeliveryState.SENT) -> Delivery:
    row = Delivery.objects.filter(state=state, attempts=1, reason="").order_by("pk").last()
    assert row is not None
    return row


def test_a_healthy_ledger_passes(healthy: Campaign) -> None:
    assert audit() == []


def test_a_healthy_ledger_is_said_to_be_one(healthy: Campaign) -> None:
    said = StringIO()

    call_command("audit_ledger", stdout=said)

    assert f"[{len(CHECKS)}/{len(CHECKS)}]" in said.getvalue()
    assert "0 disagreements" in said.getvalue()


def spoil_the_tally() -> int:
    Tally.objects.update(sent=F("sent") + 1)
    return int(Tally.objects.get().pk)


def finish_too_early() -> int:
    Delivery.objects.filter(pk=some_row().pk).update(state=DeliveryState.QUEUED)
    Tally.objects.update(sent=F("sent") - 1, queued=F("queued") + 1)
    Campaign.objects.update(state=CampaignState.FINISHED)
    return Campaign.objects.get().pk


def run_for_nothing() -> int:
    Delivery.objects.filter(state=DeliveryState.UNKNOWN).update(ended_at=timezone.now() - AN_HOUR)
    Delivery.objects.update(ended_at=timezone.now() - AN_HOUR)
    Campaign.objects.update(state=CampaignState.RUNNING, expanded_at=timezone.now() - AN_HOUR)
    return Campaign.objects.get().pk


def leave_it_open() -> int:
    finish_too_early()
    Campaign.objects.update(state=CampaignState.CANCELLED, finished_at=timezone.now() - AN_HOUR)
    return Campaign.objects.get().pk


def go_back_to_draft() -> int:
    Campaign.objects.update(state=CampaignState.DRAFT)
    return Campaign.objects.get().pk


def agree_after_launch() -> int:
    row = some_row()
    OptIn.objects.filter(pk=optin_of(row).pk).update(agreed_at=row.created_at)
    return row.pk


def lower_the_ceiling() -> int:
    row = some_row()
    Campaign.objects.update(audience_ceiling=optin_of(row).pk - 1)
    return row.pk


def begin_otherwise() -> int:
    Campaign.objects.update(audience_kind="prefix", audience_prefix="customer-")
    row = some_row()
    OptIn.objects.filter(pk=optin_of(row).pk).update(customer_id="other")
    return row.pk


def lose_a_row() -> int:
    row = some_row()
    Attempt.objects.filter(delivery=row).delete()
    row.delete()
    Tally.objects.update(sent=F("sent") - 1)
    return Campaign.objects.get().pk


def mark_it_long_ago() -> int:
    row, started = some_row(), timezone.now() - AN_HOUR
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.DISPATCHING, dispatch_started_at=started)
    Tally.objects.update(sent=F("sent") - 1, dispatching=F("dispatching") + 1)
    Campaign.objects.update(state=CampaignState.RUNNING)
    Lease.objects.update(fence=99, expires_at=timezone.now() + AN_HOUR)
    return row.pk


def overtake_the_lease() -> int:
    Lease.objects.update(fence=0)
    return int(Lease.objects.get().pk)


def forget_why() -> int:
    row = Delivery.objects.get(state=DeliveryState.FAILED)
    Delivery.objects.filter(pk=row.pk).update(reason="")
    return row.pk


def move_the_optin() -> int:
    row = some_row()
    OptIn.objects.filter(pk=optin_of(row).pk).update(page=LinkedPageFactory())
    return row.pk


def doubt_for_nothing() -> int:
    row = some_row()
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.UNKNOWN, reason=Reason.SILENCE)
    Tally.objects.update(sent=F("sent") - 1, unknown=F("unknown") + 1)
    return row.pk


def revoke_before_it_was_sent() -> int:
    row = some_row()
    ConsentEvent.objects.create(optin=optin_of(row), kind=ConsentKind.REVOKED, at=row.created_at - AN_HOUR)
    return row.pk


def count_a_try_more() -> int:
    row = some_row()
    Delivery.objects.filter(pk=row.pk).update(attempts=2)
    return row.pk


def count_a_try_less() -> int:
    row = some_row()
    Delivery.objects.filter(pk=row.pk).update(attempts=0)
    return row.pk


def lose_the_proof() -> int:
    row = some_row()
    Attempt.objects.filter(delivery=row).delete()
    Delivery.objects.filter(pk=row.pk).update(attempts=0)
    return row.pk


def accept_it_twice() -> int:
    row = some_row()
    AttemptFactory(delivery=row, number=2, outcome=AttemptOutcome.ACCEPTED)
    Delivery.objects.filter(pk=row.pk).update(attempts=2)
    return row.pk


PLANTED: list[tuple[str, Callable[[], int]]] = [
    ("tallies", spoil_the_tally),
    ("ended_too_early", finish_too_early),
    ("goes_on_for_nothing", run_for_nothing),
    ("not_closed", leave_it_open),
    ("rows_before_launch", go_back_to_draft),
    ("outside_the_audience", agree_after_launch),
    ("outside_the_audience", lower_the_ceiling),
    ("outside_the_audience", begin_otherwise),
    ("missing_rows", lose_a_row),
    ("marked_without_a_lease", mark_it_long_ago),
    ("ahead_of_the_lease", overtake_the_lease),
    ("without_a_reason", forget_why),
    ("of_another_page", move_the_optin),
    ("doubt_without_evidence", doubt_for_nothing),
    ("sent_after_revocation", revoke_before_it_was_sent),
    ("counted_otherwise", count_a_try_more),
    ("counted_otherwise", count_a_try_less),
    ("sent_without_proof", lose_the_proof),
    ("accepted_twice", accept_it_twice),
]


@pytest.mark.parametrize(("check", "plant"), PLANTED, ids=[plant.__name__ for _check, plant in PLANTED])
def test_what_was_planted_is_named(healthy: Campaign, check: str, plant: Callable[[], int]) -> None:
    pk = plant()

    assert (check, pk) in {(found["check"], found["id"]) for found in audit()}


def test_every_check_has_something_planted_for_it() -> None:
    assert {check.code for check in CHECKS} == {check for check, _plant in PLANTED}


def test_both_figures_are_given(healthy: Campaign) -> None:
    before = Tally.objects.get().sent
    spoil_the_tally()

    (found,) = audit()

    assert (found["subject"], found["written"], found["found"]) == ("campaign", f"sent {before + 1}", f"sent {before}")


def test_an_agreement_that_was_renewed_later_is_of_the_audience(healthy: Campaign) -> None:
    OptIn.objects.filter(deliveries__campaign=healthy).update(agreed_at=timezone.now() + AN_HOUR)

    assert audit() == []


def test_who_agreed_again_before_it_was_sent_was_written_to_rightly() -> None:
    row = DeliveryFactory(dispatch_started_at=timezone.now(), fence=1)
    LeaseFactory(page=row.page, fence=1)
    for kind, ago in ((ConsentKind.REVOKED, 2), (ConsentKind.RENEWED, 1)):
        ConsentEvent.objects.create(optin=optin_of(row), kind=kind, at=timezone.now() - ago * AN_HOUR)

    assert audit() == []


def test_a_batch_that_a_live_pump_is_sending_disagrees_with_nothing() -> None:
    lease = LeaseFactory(fence=3, expires_at=timezone.now() + AN_HOUR)
    started = timezone.now() - timedelta(seconds=90)
    DeliveryFactory(
        optin__page=lease.page, state=DeliveryState.DISPATCHING, fence=3, dispatch_started_at=started, attempts=1
    )

    assert audit() == []


def test_what_a_lost_sender_tried_is_counted_and_needs_no_record() -> None:
    lease = LeaseFactory(fence=3)
    DeliveryFactory(optin__page=lease.page, state=DeliveryState.UNKNOWN, reason=Reason.SENDER_LOST, fence=2, attempts=1)

    assert audit() == []


@pytest.mark.postgres
def test_the_audit_sees_one_instant_and_writes_nothing() -> None:
    def count_twice() -> tuple[int, int]:
        with snapshot():
            first = Delivery.objects.count()
            race(DeliveryFactory)
            return first, Delivery.objects.count()

    assert count_twice() == (0, 0)
    assert Delivery.objects.count() == 1


def test_nothing_can_be_written_while_the_audit_reads_on_postgresql() -> None:
    if connection.vendor == "postgresql":
        with pytest.raises(Exception, match="read-only"), snapshot():
            DeliveryFactory()


def test_others_go_on_writing_while_the_audit_reads() -> None:
    with snapshot():
        Delivery.objects.count()
        (made,) = race(DeliveryFactory)

    assert isinstance(made, Delivery)
