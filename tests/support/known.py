"""A customer whom every table knows, and where somebody is still known."""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from notifications.models import Callback, CallbackCall, CallbackEvent
from notifications.models.callback import CallbackOutcome
from notifications.services.auditing.checks import CHECKS
from notifications.services.auditing.run import disagreements
from notifications.states import AttemptOutcome, AudienceKind, DeliveryState, Origin
from optins.models import ConsentEvent, ConsentKind, OptIn, Recipient
from optins.services import (
    Agreement,
    agree,
    describe_more,
)
from optins.states import Source
from pages import audit
from pages.models import Page
from tests.factories import (
    AttemptFactory,
    CampaignFactory,
    DeliveryFactory,
    LinkedPageFactory,
    NotificationFactory,
    RecipientFactory,
    TallyFactory,
    UserFactory,
)
from tests.support.api import Caller, messages_of, secret_for
from tests.support.callbacks import listened_to

NOW = timezone.now()
ID, PSID, NAME, STREET = "FR-81423", "7012345678912345", "Marguerite", "Impasse des Glycines"
OTHER = "FR-of-another"
WORDS = (ID, PSID, NAME, STREET)


def known_everywhere() -> OptIn:
    """A customer whom every table knows, on a page that calls its shop back."""
    page, _callback = listened_to()
    recipient = RecipientFactory(page=page, psid=PSID)
    proof = Agreement(source=Source.BUTTON, recipient=recipient, evidence={"url": f"https://shop.example/{ID}"})
    optin = agree(page=page, customer_id=ID, agreement=proof, now=NOW - timedelta(days=2))
    by_phone = Agreement(source=Source.STAFF, evidence={"note": f"{NAME} called"})
    agree(page=page, customer_id=ID, agreement=by_phone, now=NOW - timedelta(days=1))
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
    newest = OptIn.objects.latest("pk").pk
    audience = {"audience_kind": AudienceKind.PREFIX, "audience_prefix": "FR-", "audience_ceiling": newest}
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
