"""The events and the body of a call that carries them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

# Events in one call. A call is repeated whole, so that more of them would only be sent more often.
MOST_EVENTS = 100


class EventType(StrEnum):
    """What can be told, as `subject.state`."""

    DELIVERY_SENT = "delivery.sent"
    DELIVERY_DELIVERED = "delivery.delivered"
    DELIVERY_READ = "delivery.read"
    DELIVERY_FAILED = "delivery.failed"
    DELIVERY_UNKNOWN = "delivery.unknown"
    DELIVERY_SKIPPED = "delivery.skipped"
    DELIVERY_CANCELLED = "delivery.cancelled"
    OPTIN_GRANTED = "optin.granted"
    OPTIN_REVOKED = "optin.revoked"
    OPTIN_EXPIRED = "optin.expired"
    CAMPAIGN_LAUNCHED = "campaign.launched"
    CAMPAIGN_PAUSED = "campaign.paused"
    CAMPAIGN_RESUMED = "campaign.resumed"
    CAMPAIGN_FINISHED = "campaign.finished"
    CAMPAIGN_CANCELLED = "campaign.cancelled"
    TEST = "callback.test"


_VALUES = frozenset(kind.value for kind in EventType)
# What a site chooses from; a test is always told.
CHOICES = tuple(kind for kind in EventType if kind is not EventType.TEST)

# Where a campaign comes from and goes to, and what that is called; any other move is not told.
_BEGINNINGS = {"draft": EventType.CAMPAIGN_LAUNCHED, "scheduled": EventType.CAMPAIGN_LAUNCHED}


def of_delivery(state: str) -> EventType | None:
    """The event of a delivery that came into this state; None for one that is still on its way."""
    value = f"delivery.{state}"
    return EventType(value) if value in _VALUES else None


def of_campaign(frm: str, to: str) -> EventType | None:
    """The event of a campaign's move. One that had finished and runs again, for a doubtful delivery, is resumed."""
    if to == "running":
        return _BEGINNINGS.get(frm, EventType.CAMPAIGN_RESUMED)
    value = f"campaign.{to}"
    return EventType(value) if value in _VALUES else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`number` grows by one with each event of the site; `id` is the same whenever the event is sent again."""

    number: int
    id: UUID
    type: str
    at: datetime
    data: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "id": str(self.id),
            "type": self.type,
            "at": utc(self.at),
            "data": self.data,
        }


def utc(time: datetime | None) -> str | None:
    """RFC 3339 with milliseconds: `2026-03-01T09:30:00.123Z`."""
    if time is None:
        return None
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def body(*, sid: str, events: Sequence[Event], replay: bool) -> bytes:
    """The body of one call: at most MOST_EVENTS, in the order of their numbers."""
    told = {"site": sid, "replay": replay, "events": [event.as_json() for event in events]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
