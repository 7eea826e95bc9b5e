"""Facebook's webhooks as Facebook sends them: the JSON of each event, entries, the signed POST.

An event is what stands in `messaging` (or `standby`); `entry` puts events of one page together and `post` sends
entries. Shapes: Messenger Platform, "Webhooks" and its event references.
"""

import hashlib
import hmac
import itertools
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

URL = "/webhooks/facebook/"
PAGE_INBOX = 26390203743090
JSON = dict[str, Any]

_mids = itertools.count(1)


def signature(body: bytes, *, secret: str | None = None) -> str:
    """The value of X-Hub-Signature-256."""
    key = settings.FACEBOOK_APP_SECRET if secret is None else secret
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def body_of(*entries: JSON) -> bytes:
    """As Facebook writes it: everything beyond ASCII escaped."""
    return json.dumps({"object": "page", "entry": list(entries)}, ensure_ascii=True, separators=(",", ":")).encode()


def entry(
    page_id: str,
    *messaging: JSON,
    standby: tuple[JSON, ...] = (),
    changes: tuple[JSON, ...] = (),
    at: datetime | None = None,
) -> JSON:
    lists = {"messaging": list(messaging), "standby": list(standby), "changes": list(changes)}
    return {"id": page_id, "time": milliseconds(at), **{name: events for name, events in lists.items() if events}}


def post(client: Client, *entries: JSON, **headers: str) -> Any:
    return post_body(client, body_of(*entries), **headers)


def post_body(client: Client, body: bytes, **headers: str) -> Any:
    signed = {"X-Hub-Signature-256": signature(body), **headers}
    return client.generic("POST", URL, body, "application/json", headers=signed)


def tell(client: Client, page_id: str, *events: JSON) -> Any:
    """One POST with these events of one page."""
    return post(client, entry(page_id, *events))


def milliseconds(at: datetime | None = None) -> int:
    return int((at or timezone.now()).timestamp() * 1_000)


def new_mid() -> str:
    return f"m_{next(_mids)}"


def message(page_id: str, psid: str, text: str = "", *, at: datetime | None = None, **more: Any) -> JSON:
    """`more` are further members of `message`: mid, attachments, quick_reply, reply_to, referral, …"""
    said = {"text": text} if text else {}
    return _from_person(page_id, psid, at, message={"mid": new_mid(), **said, **more})


def postback(
    page_id: str,
    psid: str,
    payload: str = "GET_STARTED",
    *,
    title: str = "Démarrer",
    ref: str | None = None,
    mid: str = "",
    at: datetime | None = None,
) -> JSON:
    came = {"referral": _referral(ref)} if ref is not None else {}
    tapped = {"mid": mid or new_mid(), "title": title, "payload": payload, **came}
    return _from_person(page_id, psid, at, postback=tapped)


def referral(page_id: str, psid: str, ref: str, *, at: datetime | None = None) -> JSON:
    return _from_person(page_id, psid, at, referral=_referral(ref))


def optin(page_id: str, psid: str, *, at: datetime | None = None, **more: Any) -> JSON:
    """`more` are the members of `optin`. Without a PSID it is the checkbox's, which names nobody."""
    told = _from_person(page_id, psid, at, optin=more)
    return told if psid else {name: value for name, value in told.items() if name != "sender"}


def delivery(page_id: str, psid: str, watermark: datetime, mids: tuple[str, ...] = ()) -> JSON:
    """Has no timestamp of its own, and names messages only sometimes."""
    named = {"mids": list(mids)} if mids else {}
    told = _from_person(page_id, psid, None, delivery={**named, "watermark": milliseconds(watermark)})
    del told["timestamp"]
    return told


def read(page_id: str, psid: str, watermark: datetime, *, at: datetime | None = None) -> JSON:
    return _from_person(page_id, psid, at, read={"watermark": milliseconds(watermark)})


def echo(
    page_id: str,
    psid: str,
    text: str = "",
    *,
    at: datetime | None = None,
    app_id: int | None = None,
    metadata: str = "",
    **more: Any,
) -> JSON:
    """What the page sent; PAGE_INBOX is the app_id of staff who typed it on Facebook."""
    said = {"text": text} if text else {}
    by = {"app_id": int(settings.FACEBOOK_APP_ID or 1) if app_id is None else app_id}
    marked = {"metadata": metadata} if metadata else {}
    told = {"is_echo": True, "mid": new_mid(), **by, **said, **marked, **more}
    return {"sender": {"id": page_id}, "recipient": {"id": psid}, "timestamp": milliseconds(at), "message": told}


def reaction(page_id: str, psid: str, mid: str, emoji: str = "❤", *, at: datetime | None = None) -> JSON:
    """An empty emoji takes the reaction back."""
    told = {"action": "react", "reaction": "love", "emoji": emoji} if emoji else {"action": "unreact"}
    return _from_person(page_id, psid, at, reaction={"mid": mid, **told})


def policy(page_id: str, action: str, reason: str = "", *, at: datetime | None = None) -> JSON:
    why = {"reason": reason} if reason else {}
    return {
        "recipient": {"id": page_id},
        "timestamp": milliseconds(at),
        "policy_enforcement": {"action": action, **why},
    }


def template_status(
    template_id: str, name: str, status: str, *, language: str = "en", reason: str | None = None
) -> JSON:
    """For `changes` of an entry."""
    value = {
        "event": status,
        "message_template_id": int(template_id),
        "message_template_name": name,
        "message_template_language": language,
        "reason": reason,
    }
    return {"field": "message_template_status_update", "value": value}


def handover(page_id: str, psid: str, action: str, to: str = "", *, at: datetime | None = None) -> JSON:
    """`action`: pass_thread_control, take_thread_control, request_thread_control."""
    owner = "requested_owner_app_id" if action == "request_thread_control" else "new_owner_app_id"
    return _from_person(page_id, psid, at, **{action: {owner: to or None, "metadata": ""}})


def _from_person(page_id: str, psid: str, at: datetime | None, **body: Any) -> JSON:
    return {"sender": {"id": psid}, "recipient": {"id": page_id}, "timestamp": milliseconds(at), **body}


def _referral(ref: str) -> JSON:
    return {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
