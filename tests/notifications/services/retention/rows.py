"""Of each kind of kept data one row that is `at` old, and how many of its rows are still there."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from notifications.models import Content, Delivery, KeptAnswer
from notifications.models.callback import CallbackCall, CallbackEvent
from notifications.services.contents import freeze_text
from notifications.services.erasing import GONE_BODY
from notifications.states import DeliveryState
from optins.models import (
    ConsentEvent,
    ConsentKind,
    IdUse,
    Import,
    Invitation,
    OptIn,
    Quota,
    Recipient,
    Refusal,
    TagFinding,
)
from optins.states import OptInState
from pages import audit
from pages.models import AuditEntry, FacebookLogin, FacebookRequest, Thread, ThreadMessage, WebhookEvent, WebhookPost
from pages.models.facebook import RequestKind
from pages.models.thread import Direction, Writer
from pages.models.webhook import EventState, PostState
from tests.factories import (
    CallbackCallFactory,
    CallbackFactory,
    DeliveryFactory,
    LinkFactory,
    OptInFactory,
    RecipientFactory,
    SiteFactory,
    ThreadFactory,
    UserFactory,
    WebhookEventFactory,
)
from tests.support.tokens import issued

DAY = timedelta(days=1)


def agreement(at: datetime) -> None:
    optin = OptInFactory(state=OptInState.EXPIRED, agreed_at=at - DAY, ended_at=at)
    ConsentEvent.objects.create(optin=optin, kind=ConsentKind.GRANTED, at=at - DAY)


def claim(at: datetime) -> None:
    ConsentEvent.objects.create(optin=OptInFactory(), kind=ConsentKind.CONFLICT, at=at, recipient=RecipientFactory())


def click(at: datetime) -> None:
    link = LinkFactory()
    Invitation.objects.create(
        token_sha256=secrets.token_hex(32), site=link.site, page=link.page, customer_id="c", address="https://x",
        language="fr", state="declined", created_at=at, expires_at=at,
    )  # fmt: skip


def unanswered(at: datetime) -> None:
    click(at)
    Invitation.objects.update(state="issued")


def recipient(at: datetime) -> None:
    Recipient.objects.filter(pk=RecipientFactory().pk).update(created_at=at)


def refusal(at: datetime) -> None:
    of = Import.objects.create(
        page=LinkFactory().page, name="a.csv", size=9, sha256="0" * 64, state="done", created_at=at - DAY, ended_at=at
    )
    Refusal.objects.create(of=of, line=2, code="conflict", customer_id="c-1")


def finding(at: datetime) -> None:
    TagFinding.objects.create(site=SiteFactory(), code="nothing", first_at=at - DAY, last_at=at)


def id_use(at: datetime) -> None:
    IdUse.objects.create(site=SiteFactory(), id_digest="1" * 64, client_digest="2" * 64, at=at)


def quota(at: datetime) -> None:
    Quota.objects.create(key=secrets.token_hex(32), granted_until=at)


def delivery(at: datetime) -> None:
    DeliveryFactory(state=DeliveryState.SENT, created_at=at, personal={"name": "Claire"}, provider_message_id="m")


def body(at: datetime) -> None:
    content = freeze_text(json.dumps({"text": f"Hello {at}"}), kind="text")
    Content.objects.filter(pk=content.pk).update(created_at=at)
    DeliveryFactory(state=DeliveryState.SENT, created_at=at, content=content)


def kept_answer(at: datetime) -> None:
    token = issued(LinkFactory().page)[0]
    KeptAnswer.objects.create(token=token, key="k", fingerprint="f", status=200, body="{}", created_at=at)


def callback_event(at: datetime) -> None:
    CallbackEvent.objects.create(callback=CallbackFactory(), type="x", at=at, data={})


def callback_call(at: datetime) -> None:
    CallbackCallFactory(at=at)


def audit_entry(at: datetime) -> None:
    entry = audit.record(actor=None, action="page.held", subject=LinkFactory().page)
    AuditEntry.objects.filter(pk=entry.pk).delete()
    entry.at = at
    # Raw: or the time would be that of the insertion.
    entry.save_base(raw=True, force_insert=True)


def call(at: datetime) -> None:
    WebhookPost.objects.create(received_at=at, body=b"", state=PostState.SPLIT)


def event(at: datetime) -> None:
    WebhookEventFactory(received_at=at, state=EventState.DONE)


def message(at: datetime) -> None:
    thread = ThreadFactory()
    ThreadMessage.objects.create(
        thread=thread, mid=f"m{at}", direction=Direction.IN, writer=Writer.PERSON, at=at, text="Hello"
    )


def conversation(at: datetime) -> None:
    ThreadFactory(acted_at=at)


def facebook_request(at: datetime) -> None:
    FacebookRequest.objects.create(
        code=secrets.token_hex(8), kind=RequestKind.DELETION, facebook_user_id="1", digest=secrets.token_hex(32),
        asked_at=at - DAY, done_at=at,
    )  # fmt: skip


def admin_log(at: datetime) -> None:
    LogEntry.objects.create(
        user=UserFactory(), action_time=at, action_flag=CHANGE, object_repr="x",
        content_type=ContentType.objects.get_for_model(OptIn),
    )  # fmt: skip


def session(at: datetime) -> None:
    Session.objects.create(session_key=secrets.token_hex(16), session_data="", expire_date=at)


def login(at: datetime) -> None:
    FacebookLogin.objects.create(
        state_sha256=secrets.token_hex(32), session_sha256="1" * 64, user=UserFactory(), begun_at=at, expires_at=at,
        ended_at=at,
    )  # fmt: skip


WITH_WORDS = Delivery.objects.exclude(Q(personal=None, detail="", provider_message_id=""))

# By the name of the kind: what makes a row of that age, and what finds those that are left.
ROWS: dict[str, tuple[Callable[[datetime], None], QuerySet[Any]]] = {
    "agreements": (agreement, OptIn.objects.exclude(state=OptInState.ERASED)),
    "claims": (claim, ConsentEvent.objects.all()),
    "clicks": (click, Invitation.objects.all()),
    "recipients": (recipient, Recipient.objects.all()),
    "refusals": (refusal, Refusal.objects.all()),
    "findings": (finding, TagFinding.objects.all()),
    "unanswered": (unanswered, Invitation.objects.filter(state="issued")),
    "id_uses": (id_use, IdUse.objects.all()),
    "quotas": (quota, Quota.objects.all()),
    "sent_words": (delivery, WITH_WORDS),
    "bodies": (body, Content.objects.exclude(body=GONE_BODY)),
    "kept_answers": (kept_answer, KeptAnswer.objects.all()),
    "callback_events": (callback_event, CallbackEvent.objects.all()),
    "callback_calls": (callback_call, CallbackCall.objects.all()),
    "audit": (audit_entry, AuditEntry.objects.filter(action="page.held")),
    "webhook_calls": (call, WebhookPost.objects.all()),
    "webhook_events": (event, WebhookEvent.objects.all()),
    "messages": (message, ThreadMessage.objects.all()),
    "conversations": (conversation, Thread.objects.all()),
    "facebook_requests": (facebook_request, FacebookRequest.objects.all()),
    "admin_log": (admin_log, LogEntry.objects.all()),
    "sessions": (session, Session.objects.all()),
    "logins": (login, FacebookLogin.objects.all()),
}
