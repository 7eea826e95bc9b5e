"""One JSON event as a value of pages/events.py. Pure, and never raises, whatever the JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pages import events
from pages.webhooks.building import OF_FIELD, OF_MEMBER
from pages.webhooks.members import text
from pages.webhooks.told import told_in
from pages.webhooks.unpacking import RawEvent

# What the inbox and its screens call each kind; what is unrecognised keeps Facebook's own word.
KINDS: Mapping[type[events.Event], str] = {
    events.MessageReceived: "message",
    events.PostbackReceived: "postback",
    events.Referred: "referral",
    events.OptedIn: "optin",
    events.Delivered: "delivery",
    events.WasRead: "read",
    events.Echoed: "echo",
    events.Reacted: "reaction",
    events.PolicyEnforced: "policy",
    events.TemplateStatusChanged: "template_status",
    events.ThreadHandedOver: "handover",
}
LONGEST_KIND = 48
_OF_ALL = frozenset({"sender", "recipient", "timestamp", "field", "value"})


def parse(raw: RawEvent, *, received_at: datetime) -> events.Event:
    told = told_in(raw, received_at=received_at)
    name, build, member = _kind(raw.body)
    event = build(told, member) if build and isinstance(member, dict) else None
    return event or events.Unrecognised(**told.of_all, kind=name, body=raw.body)


def kind_of(event: events.Event) -> str:
    if isinstance(event, events.Unrecognised):
        return event.kind[:LONGEST_KIND]
    return KINDS[type(event)]


def _kind(body: Mapping[str, Any]) -> tuple[str, Any, Any]:
    """The kind's name, its builder if there is one, and the member that the builder reads."""
    if field := text(body.get("field")):
        return field, OF_FIELD.get(field), body.get("value")
    for name, build in OF_MEMBER.items():
        if name in body:
            return name, build, body[name]
    strange = next((name for name in body if name not in _OF_ALL), "") or "nothing"
    return strange, None, None
