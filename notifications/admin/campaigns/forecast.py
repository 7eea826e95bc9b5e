"""What a draft would do: the panel beside the form, fresh while it is filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.http import QueryDict

from notifications.admin import instead, times
from notifications.admin.campaigns import consequences, manner
from notifications.admin.campaigns.form import CampaignForm, Timing
from notifications.admin.campaigns.outlook import Outlook, late_words, outlook
from notifications.admin.lookups import by_pk
from notifications.models import Campaign, Notification
from notifications.services.launchability import audience
from notifications.states import AudienceKind
from optins.states import Purpose
from pages.models import Page

OPTIONS = ("if_late", "canary_size", *manner.ADJUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`count` is None while the page isn't chosen, or the prefix isn't given; `manner` is how it goes out."""

    manner: str
    page_pace: str = ""
    count: int | None = None
    audience: str = ""
    outlook: Outlook | None = None
    zone: str = ""
    body: dict[str, Any] | None = None
    instead: Mapping[str, Any] | None = None


def forecast(draft: Campaign, *, now: datetime) -> Forecast:
    body = draft.notification.body if draft.notification_id else None
    template = instead.of_campaign(draft) if draft.notification_id else None
    line = manner.in_one_line(draft)
    if not draft.page_id:
        return Forecast(manner=line, body=body, instead=template)
    zone, pace = str(times.zone_of(draft.page)), manner.page_pace_words(draft.page)
    if draft.audience_kind == AudienceKind.PREFIX and not draft.audience_prefix:
        return Forecast(manner=line, page_pace=pace, zone=zone, body=body, instead=template)
    count = audience(draft, now=now).count()
    ahead = _outlook(draft, count, now=now)
    return Forecast(
        manner=line,
        page_pace=pace,
        count=count,
        audience=consequences.audience_words(count, ahead.reachable),
        outlook=ahead,
        zone=zone,
        body=body,
        instead=template,
    )


def _outlook(draft: Campaign, count: int, *, now: datetime) -> Outlook:
    at = draft.scheduled_for
    found = outlook(draft, count, start=at if at and at > now else now, now=now)
    found.consequences[:0] = consequences.left_out_words(draft, now=now)
    if at:
        found.consequences.append(late_words(draft))
    return found


def draft_of(query: QueryDict) -> Campaign:
    """The draft that a half-filled form stands for; what names nothing, or is not understood, is left out."""
    kind, purpose = query.get("audience_kind"), query.get("purpose")
    draft = Campaign(
        notification=by_pk(Notification.objects.all(), query.get("notification")),
        page=by_pk(Page.objects.linked(), query.get("page")),
        purpose=purpose if purpose in Purpose.values else Purpose.MARKETING,
        audience_kind=kind if kind in AudienceKind.values else AudienceKind.ALL,
        audience_prefix=query.get("audience_prefix", "").strip(),
    )
    for name in OPTIONS:
        if name in query:
            setattr(draft, name, _understood(name, query) or None)
    draft.if_late = draft.if_late or Campaign._meta.get_field("if_late").default
    if draft.page_id:
        _time(draft, query, times.zone_of(draft.page))
    return draft


def _understood(name: str, query: QueryDict) -> Any:
    try:
        return CampaignForm.base_fields[name].clean(query.get(name))
    except forms.ValidationError:
        return None


def _time(draft: Campaign, query: QueryDict, zone: tzinfo) -> None:
    later = query.get("timing") == Timing.LATER
    draft.scheduled_for = _instant("launch_at", query, zone) if later else None
    draft.useful_until = _instant("keep_until", query, zone)


def _instant(name: str, query: QueryDict, zone: tzinfo) -> datetime | None:
    wall = _understood(name, query)
    try:
        return times.on_the_clock(wall, zone) if wall else None
    except times.NotOnTheClock:
        return None
