"""What a draft would do if it were launched now: the panel beside the form, fresh while it is filled in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from notifications.admin import times
from notifications.admin.campaigns import consequences
from notifications.admin.lookups import by_pk
from notifications.models import Campaign, Notification
from notifications.services.campaigns import audience
from notifications.states import AudienceKind
from pages.models import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`count` is None while the page isn't chosen, or the prefix isn't given."""

    count: int | None = None
    audience: str = ""
    pace: str = ""
    zone: str = ""
    body: dict[str, Any] | None = None


def forecast(draft: Campaign, *, now: datetime) -> Forecast:
    body = draft.notification.body if draft.notification_id else None
    if not draft.page_id:
        return Forecast(body=body)
    zone = str(times.zone_of(draft.page))
    if draft.audience_kind == AudienceKind.PREFIX and not draft.audience_prefix:
        return Forecast(body=body, zone=zone)
    count = audience(draft, now=now).count()
    return Forecast(
        count=count,
        audience=consequences.audience_words(count),
        pace=consequences.pace_words(count, draft.page.messages_per_second),
        zone=zone,
        body=body,
    )


def draft_of(query: QueryDict) -> Campaign:
    """The draft that a half-filled form stands for; what names nothing is left out."""
    kind = query.get("audience_kind")
    return Campaign(
        notification=by_pk(Notification.objects.all(), query.get("notification")),
        page=by_pk(Page.objects.linked(), query.get("page")),
        audience_kind=kind if kind in AudienceKind.values else AudienceKind.ALL,
        audience_prefix=query.get("audience_prefix", "").strip(),
    )
