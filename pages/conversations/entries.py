"""What becomes of an event in its thread: the row that it leaves, if any. Each row has an id that names it for good,
Facebook's `mid` or one made of the event itself, so that telling it twice leaves one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings

from pages.events import Echoed, Event, MessageReceived, OptedIn, PostbackReceived, Referral, Referred
from pages.models import ThreadMessage
from pages.models.thread import Direction, Writer

# Echoes of what staff typed on Facebook itself (Messenger Platform, "message_echoes"); without an id it is staff too.
PAGE_INBOX_APPS = frozenset({"26390203743090", ""})
# What our own messages carry; notifications/gateway/meta/metadata.py writes the rest of it.
OWN_MARK = "ma1:"
# The retired kinds of opt-in open no window and are no arrival: tokens to write with, which nothing here uses.
TOKEN_OPTINS = frozenset({"notification_messages", "one_time_notif_req"})

MAX_MID, MAX_METADATA = 255, 1_000


def entry_of(event: Event) -> ThreadMessage | None:
    """The row, unsaved and without its thread; None for what only changes rows that stand, or is no message."""
    match event:
        case MessageReceived():
            return _received(event, text=event.text, reply_to=_fit(event.reply_to), **_came(event, _of_message(event)))
        case PostbackReceived():
            tapped = {"postback": {"title": event.title, "payload": event.payload}, **_referral(event.referral)}
            return _received(event, text=event.title, **_came(event, tapped))
        case Referred():
            return _received(event, **_came(event, _referral(event.referral)))
        case OptedIn() if event.type not in TOKEN_OPTINS:
            return _received(event, **_came(event, {"optin": {"ref": event.ref, "type": event.type}}))
        case Echoed():
            return _sent(event)
    return None


def is_arrival(entry: ThreadMessage) -> bool:
    """Somebody came, and has said nothing yet."""
    said = entry.text or entry.attachments or "postback" in entry.origin
    return entry.direction == Direction.IN and not said


def _received(event: Event, **values: Any) -> ThreadMessage:
    return ThreadMessage(
        mid=_mid(event),
        direction=Direction.IN,
        writer=Writer.PERSON,
        at=event.at,
        attachments=[dict(each) for each in getattr(event, "attachments", ())],
        **values,
    )


def _sent(echo: Echoed) -> ThreadMessage:
    return ThreadMessage(
        mid=_mid(echo),
        direction=Direction.OUT,
        writer=_writer(echo),
        at=echo.at,
        text=echo.text,
        attachments=[dict(each) for each in echo.attachments],
        metadata=echo.metadata[:MAX_METADATA],
        reply_to=_fit(echo.reply_to),
        **_came(echo, {}),
    )


def _writer(echo: Echoed) -> Writer:
    """A reply's author is known above, where deliveries are: there NOTIFICATION becomes AGENT."""
    if echo.metadata.startswith(OWN_MARK) and echo.app_id in ("", settings.FACEBOOK_APP_ID):
        return Writer.NOTIFICATION
    return Writer.PAGE_INBOX if echo.app_id in PAGE_INBOX_APPS else Writer.OTHER_APP


def _came(event: Event, how: Mapping[str, Any]) -> dict[str, Any]:
    return {"origin": {**how, **({"standby": True} if event.standby else {})}}


def _of_message(event: MessageReceived) -> dict[str, Any]:
    tapped = {"quick_reply": event.quick_reply} if event.quick_reply else {}
    return {**tapped, **_referral(event.referral)}


def _referral(referral: Referral | None) -> dict[str, Any]:
    return {"referral": asdict(referral)} if referral else {}


def _mid(event: Event) -> str:
    """In standby a postback may have none, and arrivals never do."""
    if told := str(getattr(event, "mid", "")):
        return _fit(told)
    told_by = (type(event).__name__, event.at.isoformat(), getattr(event, "referral", None), getattr(event, "ref", ""))
    return f"{type(event).__name__.lower()}:{hashlib.sha256(repr(told_by).encode()).hexdigest()[:32]}"


def _fit(mid: str) -> str:
    return mid if len(mid) <= MAX_MID else f"sha256:{hashlib.sha256(mid.encode()).hexdigest()}"
