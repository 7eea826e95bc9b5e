"""Facebook's webhook events as it shapes them. Pure.

Messenger Platform, "Webhooks" and its event references (May 2026). Times go in as seconds since the epoch and stand
in the events as milliseconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Event = dict[str, Any]


class Field(StrEnum):
    """What an app subscribes a page to; each event belongs to one."""

    MESSAGES = "messages"
    POSTBACKS = "messaging_postbacks"
    REFERRALS = "messaging_referrals"
    OPTINS = "messaging_optins"
    DELIVERIES = "message_deliveries"
    READS = "message_reads"
    ECHOES = "message_echoes"
    REACTIONS = "message_reactions"
    POLICY = "messaging_policy_enforcement"
    HANDOVERS = "messaging_handovers"
    STANDBY = "standby"
    TEMPLATE_STATUS = "message_template_status_update"


@dataclass(frozen=True, slots=True)
class News:
    """An event, the field it belongs to, and how many seconds after its cause Facebook tells of it."""

    field: Field
    event: Event
    after: float = 0.0


# Events of these fields are `changes` of an entry; the others are its `messaging`.
CHANGES = frozenset({Field.TEMPLATE_STATUS})


def milliseconds(at: float) -> int:
    return int(at * 1000)


def from_person(page_id: str, psid: str, at: float, **body: Any) -> Event:
    return {"sender": {"id": psid}, "recipient": {"id": page_id}, "timestamp": milliseconds(at), **body}


def message(
    *,
    mid: str,
    text: str = "",
    attachments: Sequence[Mapping[str, Any]] = (),
    quick_reply: str = "",
    reply_to: str = "",
    ref: str = "",
) -> Event:
    """The `message` of a person; `ref` where a link brought somebody who writes first."""
    return {
        "mid": mid,
        **({"text": text} if text else {}),
        **({"attachments": list(attachments)} if attachments else {}),
        **({"quick_reply": {"payload": quick_reply}} if quick_reply else {}),
        **({"reply_to": {"mid": reply_to}} if reply_to else {}),
        **({"referral": referral(ref)} if ref else {}),
    }


def referral(ref: str) -> Event:
    return {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}


def postback(*, mid: str, title: str, payload: str, ref: str = "") -> Event:
    return {"mid": mid, "title": title, "payload": payload, **({"referral": referral(ref)} if ref else {})}


def delivery(watermark: float, mids: Sequence[str]) -> Event:
    return {**({"mids": list(mids)} if mids else {}), "watermark": milliseconds(watermark)}


def reaction(mid: str, emoji: str) -> Event:
    """An empty `emoji` takes the reaction back."""
    action = {"action": "react", "reaction": "other", "emoji": emoji} if emoji else {"action": "unreact"}
    return {"mid": mid, **action}


def echo(page_id: str, psid: str, at: float, *, app_id: str, mid: str, body: Mapping[str, Any]) -> Event:
    """What the page sent, as Facebook repeats it to those who listen. `body` is the request's `message`."""
    number = int(app_id) if app_id.isdecimal() else app_id
    return {
        "sender": {"id": page_id},
        "recipient": {"id": psid},
        "timestamp": milliseconds(at),
        "message": {"mid": mid, "is_echo": True, "app_id": number, **_repeated(body)},
    }


def _repeated(body: Mapping[str, Any]) -> Event:
    attachments = body.get("attachments") or ([body["attachment"]] if "attachment" in body else [])
    known = {name: body[name] for name in ("text", "metadata") if body.get(name)}
    return {**known, **({"attachments": [_shown(one) for one in attachments]} if attachments else {})}


def _shown(attachment: Mapping[str, Any]) -> Event:
    """Pictures come back with the address that Facebook keeps them at: here, the one that was given."""
    payload = attachment.get("payload") or {}
    if attachment.get("type") != "template":
        return {"type": attachment.get("type"), "payload": {"url": payload.get("url", "")}}
    return {"type": "template", "payload": dict(payload)}


def policy_enforcement(page_id: str, at: float, *, action: str, reason: str) -> Event:
    enforced = {"action": action, **({"reason": reason} if reason else {})}
    return {"recipient": {"id": page_id}, "timestamp": milliseconds(at), "policy_enforcement": enforced}
