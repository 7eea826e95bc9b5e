"""A person whom every table knows that can know one, her conversation and her clicks included; and where she stands."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection

from notifications.models import Receipt
from notifications.services.contents import freeze_text
from notifications.states import DeliveryState, Origin, Route
from optins.models import ConsentEvent, ConsentKind, Import, Invitation, OptIn, Recipient, Refusal, TagFinding
from optins.models.finding import FindingCode
from pages import audit
from pages.models import Page, Thread, ThreadMessage, WebhookPost
from pages.models.thread import Direction, Writer
from pages.models.webhook import EventState, PostState
from tests.factories import AttemptFactory, DeliveryFactory, RecipientFactory, UserFactory, WebhookEventFactory
from tests.support import facebook
from tests.support.known import ID, NAME, NOW, OTHER, PSID, STREET, known_everywhere

WORDS = (ID, PSID, NAME, STREET)
SOMEBODY = "7019999999999999"


def everywhere() -> OptIn:
    optin = known_everywhere()
    _talks(optin)
    _is_told_of(optin.page)
    _clicked(optin)
    _imported(optin)
    return optin


def _talks(optin: OptIn) -> None:
    thread = Thread.objects.create(
        page=optin.page, psid=PSID, name=NAME, picture_url=f"https://x/{PSID}.jpg", first_at=NOW, last_at=NOW,
        excerpt=f"I live in {STREET}", profile_error=f"No {PSID}", acted_at=NOW,
    )  # fmt: skip
    ThreadMessage.objects.create(
        thread=thread, mid=f"m_{PSID}", direction=Direction.IN, writer=Writer.PERSON, at=NOW, text=f"It is {NAME}",
        attachments=[{"type": "image", "url": f"https://x/{PSID}"}], origin={"payload": ID}, metadata=ID,
    )  # fmt: skip
    content = freeze_text(json.dumps({"text": f"Hello {NAME}"}), kind="text")
    about = {"page": optin.page, "optin": None, "thread": thread, "content": content, "origin": Origin.REPLY}
    row = DeliveryFactory(
        **about,
        state=DeliveryState.SENT,
        attempts=1,
        sent_at=NOW,
        ended_at=NOW,
        personal={"first_name": NAME},
        route=Route.RESPONSE,
    )
    AttemptFactory(delivery=row, answer=json.dumps({"recipient_id": PSID}), message_id=f"m_{PSID}")
    Receipt.objects.create(delivery=row, parts_seen=1, mid=f"m_{PSID}")
    audit.record(actor=UserFactory(), action="conversation.answered", subject=row, psid=PSID)
    audit.record(actor=UserFactory(), action="thread.assigned", subject=thread, psid=PSID)


def _is_told_of(page: Page) -> None:
    for state in (EventState.DONE, EventState.WAITING, EventState.FAILED):
        body = facebook.message(page.page_id, PSID, f"{NAME}, {STREET}")
        WebhookEventFactory(page_id=page.page_id, psid=PSID, body=body, state=state, error=f"KeyError: {PSID}")
    hers, others = (facebook.message(page.page_id, who, "Bonjour") for who in (PSID, SOMEBODY))
    whole = facebook.body_of(facebook.entry(page.page_id, hers, others))
    WebhookPost.objects.create(received_at=NOW, body=whole)
    WebhookPost.objects.create(received_at=NOW, body=whole, state=PostState.UNREADABLE, error="RuntimeError")
    WebhookPost.objects.create(received_at=NOW, body=whole[:-9], state=PostState.UNREADABLE, error="It is not JSON")


def _clicked(optin: OptIn) -> None:
    recipient = Recipient.objects.get(page=optin.page, psid=PSID)
    other = RecipientFactory(page=optin.page)
    link = optin.page.links.get()
    common = {"site": link.site, "page": optin.page, "language": "fr", "created_at": NOW, "expires_at": NOW}
    address = f"https://shop.example/{ID}"
    Invitation.objects.create(
        **common,
        token_sha256="1" * 64,
        customer_id=ID,
        address=address,
        recipient=recipient,
        optin=optin,
        state="agreed",
    )
    proof = {"arrival": {"event": f"m_{PSID}"}}
    theirs = {**common, "customer_id": OTHER, "address": ""}
    Invitation.objects.create(**theirs, token_sha256="2" * 64, proof=proof, recipient=recipient, state="conflict")
    refused = [{"recipient": recipient.pk, "at": NOW.isoformat()}, {"recipient": other.pk, "at": NOW.isoformat()}]
    Invitation.objects.create(**theirs, token_sha256="3" * 64, refused=refused, recipient=other)
    held = OptIn.objects.get(customer_id=OTHER)
    ConsentEvent.objects.create(optin=held, kind=ConsentKind.CONFLICT, at=NOW, recipient=recipient, evidence=proof)


def _imported(optin: OptIn) -> None:
    of = Import.objects.create(
        page=optin.page, name="customers.csv", size=9, sha256="0" * 64, created_at=NOW - timedelta(days=1)
    )
    Refusal.objects.create(of=of, line=2, code="conflict", customer_id=ID, detail=f"{ID} is held")
    Refusal.objects.create(of=of, line=3, code="psid", customer_id="another", detail=f"{PSID} holds it")
    TagFinding.objects.create(
        site=optin.page.links.get().site,
        code=FindingCode.SAME_ID,
        detail=f"of {ID}",
        address=f"https://shop.example/account/{ID}/orders",
        first_at=NOW,
        last_at=NOW,
    )
    Refusal.objects.create(of=of, line=4, code="conflict", customer_id=f"{ID}7")


def columns_with(words: tuple[str, ...]) -> set[str]:
    """Every `table.column` of the database, whatever its type, in which any of the words stands.

    What full-text search keeps beside a table counts too: its columns begin with the table's own name.
    """
    return {place for place, text in cells() if any(word in text for word in words)}


def cells() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", _text(value)) for name, value in zip(names, row, strict=True))


def _text(value: Any) -> str:
    """JSON is read, so that what is escaped in it is found."""
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode("utf-8", "replace")
    text = str(value)
    if text[:1] in ("{", "["):
        try:
            return json.dumps(json.loads(text), ensure_ascii=False)
        except ValueError:
            return text
    return text


def all_models() -> set[str]:
    return {model._meta.label for model in apps.get_models(include_auto_created=True) if model._meta.managed}
