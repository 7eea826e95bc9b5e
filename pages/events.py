"""What Facebook tells of, as values. Pure.

Shapes and meanings: Messenger Platform, "Webhooks" and its event references (May 2026). Times are aware UTC;
Facebook gives milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`psid` is the person's page-scoped id, empty where Facebook names nobody.

    `at` is when it happened; the time of receipt where Facebook does not say. `standby`: another application has the
    thread, and this one only listens.
    """

    page_id: str
    psid: str
    at: datetime
    standby: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """How somebody arrived: `ref` is what the m.me link carried. `source` may be missing in Europe."""

    ref: str
    source: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """`quick_reply` is the payload of the quick reply that was tapped; `reply_to` the mid that it answers."""

    mid: str
    text: str = ""
    attachments: tuple[Mapping[str, object], ...] = ()
    quick_reply: str = ""
    reply_to: str = ""
    referral: Referral | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostbackReceived(Event):
    """A tapped button, Get Started included. In standby Facebook leaves the payload out."""

    mid: str
    title: str = ""
    payload: str = ""
    referral: Referral | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred(Event):
    """Somebody who has a thread already came by a link."""

    referral: Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedIn(Event):
    """Facebook's own plugins (`ref`; the checkbox names nobody but `user_ref`), and the retired notification tokens."""

    ref: str = ""
    user_ref: str = ""
    type: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """Everything sent to the person until `watermark` reached a device; `mids` names some of it, or nothing."""

    watermark: datetime
    mids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WasRead(Event):
    """Everything sent to the person until `watermark` was seen."""

    watermark: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoed(Event):
    """What the page sent, by whatever hand. `metadata` is what the sender wrote on it, `app_id` who that was."""

    mid: str
    text: str = ""
    attachments: tuple[Mapping[str, object], ...] = ()
    app_id: str = ""
    metadata: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted(Event):
    """`emoji` is empty where a reaction was taken back."""

    mid: str
    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEnforced(Event):
    """`action` is Facebook's word: warning, block, unblock."""

    action: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStatusChanged(Event):
    """Of a utility template of the page. `status` is Facebook's word: APPROVED, REJECTED, PENDING, …"""

    template_id: str
    name: str
    language: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadHandedOver(Event):
    """Conversation routing: another application takes the thread, or this one does. `to` is its app id, or empty."""

    action: str
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised(Event):
    """Something that Facebook tells of and nothing here knows: kept as it came."""

    kind: str
    body: Mapping[str, object] = field(default_factory=dict)
