"""Erasing a person: nothing in any table names anybody afterwards, and every count is still right."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from notifications.models import Attempt, Callback, CallbackCall, CallbackEvent, Content, Delivery, KeptAnswer, Tally
from notifications.models.callback import CallbackOutcome
from notifications.services import ledger
from notifications.services.auditing.checks import CHECKS
from notifications.services.auditing.run import disagreements
from notifications.states import AttemptOutcome, AudienceKind, DeliveryState, Origin
from optins.models import ConsentEvent, ConsentKind, OptIn, Recipient, Suppression
from optins.services import (
    Agreement,
    StillLeaving,
    Suppressed,
    agree,
    agree_as,
    describe_more,
    erase,
    revoke,
    suppressing,
)
from optins.states import OptInState, Source
from pages import audit
from pages.models import AuditEntry, Page
from tests.factories import (
    AttemptFactory,
    CampaignFactory,
    DeliveryFactory,
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    RecipientFactory,
    TallyFactory,
    UserFactory,
)
from tests.support.api import Caller, messages_of, secret_for
from tests.support.callbacks import listened_to

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ID, PSID, NAME, STREET = "FR-81423", "7012345678912345", "Marguerite", "Impasse des Glycines"
OTHER = "FR-of-another"
WORDS = (ID, PSID, NAME, STREET)


@pytest.fixture
def optin() -> OptIn:
    """A customer whom every table knows, on a page that calls its shop back."""
    page, _callback = listened_to()
    recipient = RecipientFactory(page=page, psid=PSID)
    proof = Agreement(source=Source.BUTTON, recipient=recipient, evidence={"url": f"https://shop.example/{ID}"})
    optin = agree(page=page, customer_id=ID, agreement=proof, now=NOW - timedelta(days=2))
    describe_more(optin=optin, more={"first_name": NAME}, without=(), actor=UserFactory())
    agree(page=page, customer_id=OTHER, agreement=Agreement(source=Source.STAFF), now=NOW)
    OptIn.objects.filter(customer_id=OTHER).update(recipient=RecipientFactory(page=page))
    _claim_another(optin, recipient)
    _send_campaign(optin)
    _send_alone(optin)
    _tell_the_shop(optin)
    _enter_by_staff(optin)
    return optin


def _claim_another(optin: OptIn, recipient: Recipient) -> None:
    other = OptIn.objects.get(customer_id=OTHER)
    ConsentEvent.objects.create(
        optin=other, kind=ConsentKind.CONFLICT, at=NOW, recipient=recipient, evidence={"id": ID}
    )


def _send_campaign(optin: OptIn) -> None:
    audience = {"audience_kind": AudienceKind.PREFIX, "audience_prefix": "FR-", "audience_ceiling": optin.pk + 1}
    campaign = CampaignFactory(running=True, page=optin.page, launched_at=NOW, **audience)
    TallyFactory(campaign=campaign, queued=1, unknown=1)
    to_another = OptIn.objects.get(customer_id=OTHER)
    OptIn.objects.filter(pk=to_another.pk).update(agreed_at=NOW - timedelta(days=1))
    DeliveryFactory(optin=to_another, campaign=campaign, content=campaign.content)
    row = DeliveryFactory(
        optin=optin,
        campaign=campaign,
        content=campaign.content,
        state=DeliveryState.UNKNOWN,
        reason="server_error",
        detail=f"No customer {ID}",
        attempts=1,
        personal={"first_name": NAME},
        provider_message_id=f"m_{PSID}",
    )
    AttemptFactory(delivery=row, outcome=AttemptOutcome.UNKNOWN, answer=json.dumps({"customer": ID}))


def _send_alone(optin: OptIn) -> None:
    """Through the API, with keys; and a test by staff."""
    other_page: Page = LinkedPageFactory()
    caller = Caller(secret_for(optin.page, other_page))
    address = messages_of(optin.page, ID)
    own = json.dumps({"text": f"{NAME}, we ship to {STREET}."})
    assert caller.post(address, own, **{"Idempotency-Key": f"order-of-{ID}"}).status_code == 202
    NotificationFactory(name="welcome", body={"text": "Hello {{ first_name }}"})
    by_name = json.dumps({"notification": "welcome", "variables": {"first_name": NAME}})
    assert caller.post(address, by_name, **{"Idempotency-Key": "welcome-1"}).status_code == 202
    places: list[tuple[Page, str]] = [(optin.page, ID), (optin.page, OTHER), (other_page, ID)]
    batch = [{"page_id": page.page_id, "customer_id": who, "text": "Your order has left."} for page, who in places]
    answer = caller.post("/v1/batches", json.dumps({"messages": batch}), **{"Idempotency-Key": "batch-7"})
    assert [one["status"] for one in answer.json()["data"]] == [202, 202, 404]
    tested = DeliveryFactory(optin=optin, origin=Origin.TEST)
    audit.record(actor=UserFactory(), action="notification.tested", subject=tested, customer_id=ID)


def _tell_the_shop(optin: OptIn) -> None:
    callback = Callback.objects.get()
    data = {"customer_id": ID, "message_id": PSID}
    event = {"type": "delivery.sent", "at": NOW, "data": data, "callback": callback, "optin": optin}
    CallbackEvent.objects.create(**event)
    CallbackEvent.objects.create(**event, number=2)
    Callback.objects.filter(pk=callback.pk).update(numbered_to=2, taken_to=2)
    CallbackCall.objects.create(
        callback=callback,
        uuid=uuid.uuid4(),
        at=NOW,
        first_number=1,
        last_number=3,
        events=3,
        outcome=CallbackOutcome.TAKEN,
        status_code=200,
        milliseconds=12,
        answer=f"Thank you for {ID}",
    )


def _enter_by_staff(optin: OptIn) -> None:
    kind = ContentType.objects.get_for_model(OptIn)
    LogEntry.objects.create(
        user=UserFactory(), content_type=kind, object_id=str(optin.pk), object_repr=ID, action_flag=ADDITION
    )


def places_of(words: tuple[str, ...]) -> set[str]:
    """The tables in which any of the words stands, in any column."""
    pattern = re.compile("|".join(re.escape(word) for word in words))
    return {table for table, row in every_row() if pattern.search(row)}


def every_row() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from ((table, repr(row)) for row in cursor.fetchall())


def found_by_the_audit() -> list[str]:
    now = timezone.now()
    return [f"{found.check} {found.id}: {found.found}" for check in CHECKS for found in disagreements(check, now=now)]


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
