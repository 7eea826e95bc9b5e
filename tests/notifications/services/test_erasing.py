"""Erasing a person: nothing in any table names anybody afterwards, and every count is still right."""

import json
from datetime import datetime

import pytest
from django.utils import timezone

from notifications.models import Attempt, CallbackEvent, Content, Delivery, KeptAnswer, Tally
from notifications.services import lease, ledger, marking
from notifications.states import DeliveryState
from optins.models import ConsentKind, OptIn, Recipient, Suppression
from optins.services import (
    Agreement,
    StillLeaving,
    Suppressed,
    agree,
    agree_as,
    erase,
    revoke,
    suppressing,
)
from optins.states import OptInState, Source
from pages.models import AuditEntry
from tests.factories import (
    DeliveryFactory,
    OptInFactory,
    RecipientFactory,
    UserFactory,
)
from tests.support.known import ID, NAME, NOW, OTHER, PSID, WORDS, found_by_the_audit, known_everywhere, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    return known_everywhere()


KNOWING = {
    "django_admin_log",
    "notifications_attempt",
    "notifications_callbackcall",
    "notifications_callbackevent",
    "notifications_content",
    "notifications_delivery",
    "notifications_keptanswer",
    "optins_consentevent",
    "optins_optin",
    "optins_recipient",
    "pages_auditentry",
}


def test_no_table_knows_anything_of_who_was_erased(optin: OptIn) -> None:
    assert places_of(WORDS) == KNOWING

    erase(optin=optin, actor=None, now=NOW)

    assert places_of(WORDS) == set()


def test_the_ledger_counts_what_it_counted(optin: OptIn) -> None:
    before = (Delivery.objects.count(), Attempt.objects.count(), found_by_the_audit())
    assert before == (7, 1, [])

    erase(optin=optin, actor=None, now=NOW)

    assert (Delivery.objects.count(), Attempt.objects.count(), found_by_the_audit()) == before
    tally = Tally.objects.get()
    assert (tally.unknown, tally.queued, tally.skipped) == (1, 1, 0)


def test_what_waits_is_skipped(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=NOW)

    assert set(optin.deliveries.values_list("state", flat=True)) == {DeliveryState.UNKNOWN, DeliveryState.SKIPPED}


def test_what_is_known_of_others_stays(optin: OptIn) -> None:
    other = OptIn.objects.get(customer_id=OTHER)

    erase(optin=optin, actor=None, now=NOW)

    kept = json.loads(KeptAnswer.objects.get().body)["body"]["data"]
    assert [one["status"] for one in kept] == [202, 202, 404]
    assert kept[1]["data"]["id"] == other.deliveries.get(campaign=None).pk
    assert Content.objects.filter(body__contains="Your order has left.").exists()
    assert other.events.filter(kind=ConsentKind.CONFLICT, evidence={}).exists()
    assert Recipient.objects.get() == OptIn.objects.get(pk=other.pk).recipient


def test_the_receiver_misses_no_number(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=NOW)

    assert CallbackEvent.objects.filter(optin=optin).values_list("number", "data").get() == (2, {"erased": True})


def test_evidence_keeps_its_time_and_its_key(optin: OptIn) -> None:
    before = list(AuditEntry.objects.filter(action="notification.tested").values_list("pk", "at", "actor"))
    tried = list(Attempt.objects.values_list("pk", "started_at", "bytes_sent"))

    erase(optin=optin, actor=None, now=NOW)

    assert list(AuditEntry.objects.filter(action="notification.tested").values_list("pk", "at", "actor")) == before
    assert list(Attempt.objects.values_list("pk", "started_at", "bytes_sent")) == tried


def test_a_person_with_another_agreement_is_still_known_by_it(optin: OptIn) -> None:
    second = OptInFactory(page=optin.page, customer_id="order-7", recipient=optin.recipient)

    erase(optin=optin, actor=None, now=NOW)

    second.refresh_from_db()
    assert second.recipient == Recipient.objects.get(psid=PSID)
    assert places_of((ID, NAME)) <= {"optins_consentevent"}


def test_who_erased_is_written_down_without_the_id(optin: OptIn) -> None:
    actor = UserFactory()

    erase(optin=optin, actor=actor, now=NOW)

    entry = AuditEntry.objects.get(action="optin.erased")
    assert (entry.actor, entry.subject, entry.detail) == (actor, f"optins.optin:{optin.pk}", {})


@pytest.mark.parametrize("source", [Source.API, Source.IMPORT, Source.STAFF, Source.BUTTON])
def test_nobody_else_can_opt_the_person_in_again(optin: OptIn, source: Source) -> None:
    erase(optin=optin, actor=None, now=NOW)

    with pytest.raises(Suppressed):
        agree(page=optin.page, customer_id=ID, agreement=Agreement(source=source), now=NOW)
    with pytest.raises(Suppressed):
        agree_as(psid="999", page=optin.page, customer_id=ID, agreement=Agreement(source=Source.API), now=NOW)
    assert places_of((ID, "'999'")) == set()


def test_the_person_can_agree_again_and_the_suppression_ends(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=NOW)
    own = Agreement(source=Source.BUTTON, recipient=RecipientFactory(page=optin.page))

    again = agree(page=optin.page, customer_id=ID, agreement=own, now=NOW)

    assert (again.pk != optin.pk, again.state) == (True, OptInState.ACTIVE)
    assert not Suppression.objects.exists()


def test_what_is_left_is_no_opt_in_that_anybody_could_take_up_again(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=NOW)
    left = OptIn.objects.get(pk=optin.pk)

    with pytest.raises(Suppressed):
        agree(page=left.page, customer_id=left.customer_id, agreement=Agreement(source=Source.STAFF), now=NOW)

    assert not revoke(optin=left, actor=None, now=NOW)
    assert left.state == OptInState.ERASED


def test_the_same_id_on_another_page_is_another_customer(optin: OptIn) -> None:
    other = OptInFactory(customer_id=ID)

    erase(optin=optin, actor=None, now=NOW)

    other.refresh_from_db()
    assert (other.customer_id, other.state) == (ID, OptInState.ACTIVE)
    assert not suppressing.is_suppressed(page=other.page, customer_id=ID)


def test_the_suppressed_are_found_among_many(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=NOW)

    assert suppressing.suppressed_among(page=optin.page, customer_ids=[ID, "FR-1", ID + "x"]) == {ID}


def test_the_hash_is_nothing_without_the_key(optin: OptIn, settings: pytest.FixtureRequest) -> None:
    first = suppressing.digest(optin.page, ID)
    settings.SUPPRESSION_KEY = "another"  # type: ignore[attr-defined]

    assert suppressing.digest(optin.page, ID) != first


def leaving(optin: OptIn, now: datetime) -> Delivery:
    row: Delivery = DeliveryFactory(
        optin=optin, state=DeliveryState.DISPATCHING, fence=1, dispatch_started_at=now, attempts=1
    )
    return row


def test_a_message_that_is_leaving_is_waited_for_and_nothing_follows_it(optin: OptIn) -> None:
    row = leaving(optin, NOW)

    with pytest.raises(StillLeaving):
        erase(optin=optin, actor=None, now=NOW)

    assert OptIn.objects.get(pk=optin.pk).state == OptInState.REVOKED
    assert suppressing.is_suppressed(page=optin.page, customer_id=ID)
    ledger.move_ids([row.pk], DeliveryState.SENT, frm=DeliveryState.DISPATCHING, sent_at=NOW, ended_at=NOW)
    erase(optin=optin, actor=None, now=NOW)
    assert places_of(WORDS) == set()


def test_a_message_that_was_being_taken_meanwhile_is_skipped(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=NOW)
    row = DeliveryFactory(optin=optin)
    held = lease.acquire(page_pk=optin.page_id, holder="us")
    assert held

    batch = marking.mark(held=held, now=timezone.now(), most=10)

    assert row.pk not in [marked.delivery_id for marked in batch.rows]
    assert Delivery.objects.get(pk=row.pk).state == DeliveryState.SKIPPED
