"""Every address of the admin, found in its URL patterns, with an object to open it on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from notifications.states import CampaignState, DeliveryState
from optins.models import ConsentEvent, ConsentKind, IdPattern, TagFinding
from pages import audit
from pages.models import Button, Incident, WebhookPost
from pages.models.button import ButtonKind
from pages.models.incident import IncidentKind
from pages.models.webhook import PostState
from tests.factories import (
    CallbackCallFactory,
    CallbackFactory,
    CampaignFactory,
    DeliveryFactory,
    ImportFactory,
    LinkedPageFactory,
    NotificationFactory,
    OptInFactory,
    SiteFactory,
    ThreadFactory,
    UserFactory,
    UtilityTemplateFactory,
    WebhookEventFactory,
)
from tests.support.tokens import issued


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`name` is the URL's name; `arguments` the names of what stands in its path."""

    name: str
    arguments: tuple[str, ...] = field(default=())

    @property
    def model(self) -> str:
        """`app_model`, for the doors of a model's admin."""
        return "_".join(self.name.split("_")[:2])


def doors() -> list[Door]:
    found = {door.name: door for door in _walk(admin.site.get_urls())}
    return sorted(found.values(), key=lambda door: door.name)


def _walk(patterns: list[Any]) -> Iterator[Door]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Door(name=pattern.name, arguments=tuple(pattern.pattern.regex.groupindex or _converters(pattern)))


def _converters(pattern: URLPattern) -> tuple[str, ...]:
    return tuple(pattern.pattern.converters)


def nameless() -> list[str]:
    """Patterns that no table could name: Django's own redirect from an object's short address, and its 404."""
    return sorted({str(pattern.pattern) for pattern in _flat(admin.site.get_urls()) if not pattern.name})


def _flat(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns)
        else:
            yield pattern


def furniture() -> dict[str, models.Model]:
    """One object of each model that has an admin, by `app_model`."""
    now = timezone.now()
    page = LinkedPageFactory()
    optin = OptInFactory(page=page)
    callback = CallbackFactory(site=page.site)
    return {
        "pages_site": SiteFactory(),
        "pages_page": page,
        "pages_button": Button.objects.create(site=page.site, name="Alert", kind=ButtonKind.SEND_TO_MESSENGER),
        "pages_apitoken": issued(page)[0],
        "pages_incident": Incident.objects.create(page=page, kind=IncidentKind.FORBIDDEN, opened_at=now),
        "pages_webhookevent": WebhookEventFactory(page_id=page.page_id),
        "pages_webhookpost": WebhookPost.objects.create(received_at=now, body=b"{", state=PostState.UNREADABLE),
        "pages_thread": ThreadFactory(page=page),
        "pages_auditentry": audit.record(actor=None, action="page.held", subject=page),
        "optins_optin": optin,
        "optins_import": ImportFactory(page=page),
        "optins_idpattern": IdPattern.objects.filter(site=page.site).earliest("pk"),
        "optins_tagfinding": TagFinding.objects.create(site=page.site, code="nothing", first_at=now, last_at=now),
        "optins_consentevent": ConsentEvent.objects.create(optin=optin, kind=ConsentKind.GRANTED, at=now),
        "notifications_notification": NotificationFactory(),
        "notifications_campaign": CampaignFactory(page=page, state=CampaignState.DRAFT),
        "notifications_delivery": DeliveryFactory(optin=optin, state=DeliveryState.UNKNOWN),
        "notifications_callback": callback,
        "notifications_callbackcall": CallbackCallFactory(callback=callback),
        "notifications_utilitytemplate": UtilityTemplateFactory(page=page),
        "auth_user": UserFactory(),
        "auth_group": Group.objects.create(name="Another"),
    }


def address(door: Door, objects: dict[str, models.Model]) -> str:
    values = {
        "app_label": "pages",
        "content_type_id": ContentType.objects.get_for_model(objects["pages_site"]).pk,
        "object_id": objects.get(door.model, objects["pages_site"]).pk,
        "id": objects.get(door.model, objects["pages_site"]).pk,
        "sid": objects["pages_site"].sid,  # type: ignore[attr-defined]
    }
    return reverse(f"admin:{door.name}", kwargs={name: values[name] for name in door.arguments})
