"""One factory per model; each makes a row that the database and the rules accept."""

import json
import uuid
from datetime import timedelta

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from notifications.callbacks.events import CHOICES
from notifications.models import (
    Attempt,
    Callback,
    CallbackCall,
    Campaign,
    Content,
    Delivery,
    Lease,
    Notification,
    Tally,
    TemplateStatus,
    UtilityTemplate,
)
from notifications.models.callback import CallbackOutcome, CallbackState
from notifications.states import AttemptOutcome, CampaignState, DeliveryState, Kind, Origin
from optins.models import Import, OptIn, Recipient
from optins.states import Lifetime, Source
from pages.models import Button, Connection, Link, Page, Site, Thread, WebhookEvent
from pages.models.button import ButtonKind
from pages.models.webhook import EventState
from pages.states import GatewayKind
from tests.support.facebook import message

TEXT_BODY = {"text": "Your order has been placed."}


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"person{n}")
    is_staff = True


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    sid = factory.Sequence(lambda n: str(1000 + n))
    name = factory.Sequence(lambda n: f"Shop {n}")


class PageFactory(DjangoModelFactory):
    class Meta:
        model = Page

    page_id = factory.Sequence(lambda n: str(322837607840703 + n))
    name = factory.Sequence(lambda n: f"Page {n}")
    gateway = GatewayKind.SANDBOX
    token = "page-token"
    messages_per_second = 300


class LinkFactory(DjangoModelFactory):
    class Meta:
        model = Link

    page = factory.SubFactory(PageFactory)
    site = factory.SubFactory(SiteFactory)
    opened_at = factory.LazyFunction(timezone.now)


class ButtonFactory(DjangoModelFactory):
    """A floating button that asks for consent, and that everybody sees."""

    class Meta:
        model = Button

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Button {n}")
    kind = ButtonKind.SEND_TO_MESSENGER


class LinkedPageFactory(PageFactory):
    """A page that belongs to a site, and may therefore send."""

    class Meta:
        skip_postgeneration_save = True

    link = factory.RelatedFactory(LinkFactory, factory_related_name="page")


class ConnectedPageFactory(LinkedPageFactory):
    """A linked page that was connected through Facebook; all is well with it there."""

    gateway = GatewayKind.META
    connection = factory.RelatedFactory("tests.factories.ConnectionFactory", factory_related_name="page")


class ConnectionFactory(DjangoModelFactory):
    class Meta:
        model = Connection

    page = factory.SubFactory(PageFactory, gateway=GatewayKind.META)
    facebook_user_id = "1001"
    facebook_user_name = "Claire Martin"
    connected_at = factory.LazyFunction(timezone.now)
    token_is_valid = True
    has_get_started = True


class RecipientFactory(DjangoModelFactory):
    class Meta:
        model = Recipient

    page = factory.SubFactory(LinkedPageFactory)
    psid = factory.Sequence(lambda n: str(7012345678900000 + n))


class OptInFactory(DjangoModelFactory):
    class Meta:
        model = OptIn

    page = factory.SubFactory(LinkedPageFactory)
    customer_id = factory.Sequence(lambda n: f"customer-{n:05}")
    lifetime = Lifetime.DURABLE
    source = Source.IMPORT
    agreed_at = factory.LazyFunction(timezone.now)


class ImportFactory(DjangoModelFactory):
    """A file that was uploaded a moment ago, and is being checked."""

    class Meta:
        model = Import

    page = factory.SubFactory(LinkedPageFactory)
    name = "customers.csv"
    size = 1_000
    sha256 = "0" * 64
    created_at = factory.LazyFunction(timezone.now)


class ThreadFactory(DjangoModelFactory):
    """Somebody who wrote to a page a minute ago."""

    class Meta:
        model = Thread

    page = factory.SubFactory(ConnectedPageFactory)
    psid = factory.Sequence(lambda n: str(7112345678900000 + n))
    first_at = factory.SelfAttribute("acted_at")
    last_at = factory.SelfAttribute("acted_at")
    acted_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    name = factory.Sequence(lambda n: f"Notification {n}")
    kind = Kind.TEXT
    body = factory.LazyFunction(lambda: dict(TEXT_BODY))


class ContentFactory(DjangoModelFactory):
    class Meta:
        model = Content
        django_get_or_create = ("sha256",)

    kind = Kind.TEXT
    body = factory.LazyFunction(lambda: json.dumps(TEXT_BODY))
    sha256 = factory.LazyAttribute(lambda content: Content.digest(content.body))


class CampaignFactory(DjangoModelFactory):
    """A draft; `running=True` makes one that was launched and fully expanded (over no rows)."""

    class Meta:
        model = Campaign

    class Params:
        running = factory.Trait(
            state=CampaignState.RUNNING,
            content=factory.SubFactory(ContentFactory),
            audience_ceiling=0,
            expanded_at=factory.LazyFunction(timezone.now),
            launched_at=factory.LazyFunction(timezone.now),
        )

    name = factory.Sequence(lambda n: f"Campaign {n}")
    notification = factory.SubFactory(NotificationFactory)
    page = factory.SubFactory(LinkedPageFactory)


class TallyFactory(DjangoModelFactory):
    class Meta:
        model = Tally

    campaign = factory.SubFactory(CampaignFactory, running=True)


class DeliveryFactory(DjangoModelFactory):
    """A transactional delivery that is due now, on the page of its opt-in."""

    class Meta:
        model = Delivery

    optin = factory.SubFactory(OptInFactory)
    page = factory.SelfAttribute("optin.page")
    content = factory.SubFactory(ContentFactory)
    origin = factory.LazyAttribute(lambda delivery: Origin.CAMPAIGN if delivery.campaign else Origin.API)
    campaign = None
    created_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyFunction(timezone.now)
    state = DeliveryState.QUEUED


class AttemptFactory(DjangoModelFactory):
    class Meta:
        model = Attempt

    delivery = factory.SubFactory(DeliveryFactory)
    number = 1
    fence = 1
    started_at = factory.LazyFunction(timezone.now)
    milliseconds = 42
    outcome = AttemptOutcome.ACCEPTED
    status_code = 202
    bytes_sent = 300
    answer = '{"meta": {"status": "success"}}'


class LeaseFactory(DjangoModelFactory):
    class Meta:
        model = Lease

    page = factory.SubFactory(LinkedPageFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1))


class UtilityTemplateFactory(DjangoModelFactory):
    """One that Facebook approved, with one parameter."""

    class Meta:
        model = UtilityTemplate

    page = factory.SubFactory(LinkedPageFactory, gateway=GatewayKind.META)
    name = factory.Sequence(lambda n: f"order_left_{n}")
    language = "en"
    facebook_id = factory.Sequence(lambda n: str(1_045_000 + n))
    status = TemplateStatus.APPROVED
    components = factory.LazyFunction(
        lambda: [
            {
                "type": "BODY",
                "text": "Good news: your order {{order}} has left our warehouse.",
                "example": {"body_text_named_params": [{"param_name": "order", "example": "871"}]},
            }
        ]
    )
    parameter_format = "NAMED"
    created_at = factory.LazyFunction(timezone.now)
    synced_at = factory.LazyFunction(timezone.now)


class CallbackFactory(DjangoModelFactory):
    """A callback that is on and tells everything."""

    class Meta:
        model = Callback

    site = factory.SubFactory(SiteFactory)
    url = "https://shop.example.com/hooks"
    types = factory.LazyFunction(lambda: [kind.value for kind in CHOICES])
    state = CallbackState.ON
    secret = "cbs_a-secret-of-this-site"


class CallbackCallFactory(DjangoModelFactory):
    class Meta:
        model = CallbackCall

    callback = factory.SubFactory(CallbackFactory)
    uuid = factory.LazyFunction(uuid.uuid4)
    at = factory.LazyFunction(timezone.now)
    first_number = 1
    last_number = 3
    events = 3
    outcome = CallbackOutcome.TAKEN
    status_code = 204
    milliseconds = 42


class WebhookEventFactory(DjangoModelFactory):
    """An event that failed at every try; nothing of it is true but its shape."""

    class Meta:
        model = WebhookEvent

    key = factory.Sequence(lambda n: f"{n:064x}")
    page_id = "322837607840703"
    psid = factory.Sequence(lambda n: str(7012345678900000 + n))
    kind = "message"
    happened_at = factory.LazyFunction(timezone.now)
    received_at = factory.LazyFunction(timezone.now)
    body = factory.LazyAttribute(lambda event: message(event.page_id, event.psid, "Bonjour"))
    state = EventState.FAILED
    tries = 7
    next_try_at = factory.LazyFunction(timezone.now)
    error = "RuntimeError: it broke\npages/webhooks/processing.py:70 _tell"
