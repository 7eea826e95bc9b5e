"""A message: text, one attachment, several pictures, or an approved template; with quick replies. Pure.

Messenger Platform, "Send API", "Quick replies" (May 2026).
"""

from collections.abc import Callable, Mapping
from typing import Any

from messenger_admin.sandbox.messenger.checks import attachments, shapes, utility
from messenger_admin.sandbox.messenger.refusals import refused

MAX_TEXT = 2_000
MAX_METADATA = 1_000
MAX_QUICK_REPLIES = 13
MAX_TITLE = 20
MAX_PAYLOAD = 1_000
CONTENTS = ("text", "attachment", "attachments", "template")
QUICK_REPLIES = frozenset({"text", "user_phone_number", "user_email"})


def check(message: Mapping[str, Any], *, by_template: bool) -> None:
    shapes.optional(message, "metadata", most=MAX_METADATA, where="message.")
    given = [name for name in CONTENTS if message.get(name) is not None]
    if by_template != (given == ["template"]):
        raise refused(100, 0, "messaging_type UTILITY is for message.template, and it alone")
    if not given:
        raise refused(100, 2018034)
    if len(given) > 1:
        raise refused(100, 0, f"A message has one of {' and '.join(given)}, not both")
    _CHECKS[given[0]](message)
    if message.get("quick_replies") is not None:
        _quick_replies(message["quick_replies"])


def _text(message: Mapping[str, Any]) -> None:
    text = message["text"]
    if isinstance(text, str) and not text.strip():
        raise refused(100, 2018034)
    shapes.text(message, "text", most=MAX_TEXT, where="message.")


def _quick_replies(value: object) -> None:
    for reply in shapes.items(value, "message.quick_replies", most=MAX_QUICK_REPLIES):
        if shapes.one_of(reply.get("content_type"), QUICK_REPLIES, "content_type") == "text":
            shapes.text(reply, "title", most=MAX_TITLE, subcode=2018098, where="quick_replies.")
            shapes.text(reply, "payload", most=MAX_PAYLOAD, subcode=2018099, where="quick_replies.")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "text": _text,
    "attachment": lambda message: attachments.check(shapes.mapping(message["attachment"], "message.attachment")),
    "attachments": lambda message: attachments.check_several(message["attachments"]),
    "template": lambda message: utility.check(shapes.mapping(message["template"], "message.template")),
}
