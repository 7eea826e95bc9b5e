"""Who is written to, by what right, and whether it is a message or a mere sign. Pure.

Messenger Platform, "Send API" and "Message tags" (May 2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from messenger_admin.sandbox.messenger.checks import shapes
from messenger_admin.sandbox.messenger.checks.message import check as check_message
from messenger_admin.sandbox.messenger.refusals import refused

RECIPIENTS = frozenset(
    {"id", "user_ref", "comment_id", "post_id", "notification_messages_token", "one_time_notif_token", "phone_number"}
)
ACTIONS = frozenset({"typing_on", "typing_off", "mark_seen", "react", "unreact"})
NOTIFICATIONS = frozenset({"REGULAR", "SILENT_PUSH", "NO_PUSH"})
# Refused since 27 April 2026.
DEAD_TAGS = frozenset({"CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"})


class Right(StrEnum):
    """What a message may be sent by: decides how long after the person's last act."""

    RESPONSE = "RESPONSE"
    UPDATE = "UPDATE"
    UTILITY = "UTILITY"
    HUMAN_AGENT = "HUMAN_AGENT"
    CUSTOMER_FEEDBACK = "CUSTOMER_FEEDBACK"
    NEWS = "NON_PROMOTIONAL_SUBSCRIPTION"


TAGGED = "MESSAGE_TAG"
KINDS = frozenset({Right.RESPONSE, Right.UPDATE, Right.UTILITY, TAGGED})
TAGS = frozenset({Right.HUMAN_AGENT, Right.CUSTOMER_FEEDBACK, Right.NEWS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`message` is None for a sender_action, `action` empty for a message."""

    psid: str
    right: Right
    action: str
    message: Mapping[str, Any] | None


def check(body: Mapping[str, Any]) -> Envelope:
    psid = _recipient(body.get("recipient"))
    action = body.get("sender_action")
    if action is not None:
        return Envelope(psid=psid, right=Right.RESPONSE, action=_action(action, body), message=None)
    if "message" not in body:
        raise refused(100, 2018015)
    right = _right(body)
    shapes.one_of(body.get("notification_type", "REGULAR"), NOTIFICATIONS, "notification_type")
    message = shapes.mapping(body["message"], "message")
    check_message(message, by_template=right is Right.UTILITY)
    if right is Right.CUSTOMER_FEEDBACK and _template_type(message) != "customer_feedback":
        raise refused(100, 0, "The tag CUSTOMER_FEEDBACK is for the customer feedback template")
    return Envelope(psid=psid, right=right, action="", message=message)


def _recipient(value: object) -> str:
    if value is None:
        raise refused(100, 0, "The parameter recipient is required")
    named = {name: item for name, item in shapes.mapping(value, "recipient").items() if name in RECIPIENTS}
    if len(named) != 1:
        raise refused(100, 0, "Param recipient must name exactly one person")
    (kind,) = named
    psid = shapes.text(named, kind, most=1_000, where="recipient.")
    # Plugins, comments and the retired tokens reach nobody here.
    if kind != "id":
        raise refused(100, 2018001)
    return psid


def _action(value: object, body: Mapping[str, Any]) -> str:
    if "message" in body:
        raise refused(100, 0, "A sender_action must be sent without a message")
    action = shapes.one_of(value, ACTIONS, "sender_action")
    if action in {"react", "unreact"}:
        shapes.text(shapes.mapping(body.get("payload"), "payload"), "message_id", most=1_000, where="payload.")
    return action


def _right(body: Mapping[str, Any]) -> Right:
    kind, tag = body.get("messaging_type"), body.get("tag")
    if kind is None:
        raise refused(100, 0, "The parameter messaging_type is required")
    if shapes.one_of(kind, KINDS, "messaging_type") != TAGGED:
        if tag is not None:
            raise refused(100, 0, "Param tag is for messaging_type MESSAGE_TAG")
        return Right(kind)
    if tag is None:
        raise refused(100, 0, "The parameter tag is required")
    if tag in tuple(DEAD_TAGS):
        raise refused(100, 0, f"The message tag {tag} is no longer supported")
    return Right(shapes.one_of(tag, TAGS, "tag"))


def _template_type(message: Mapping[str, Any]) -> object:
    payload = (message.get("attachment") or {}).get("payload") or {}
    return payload.get("template_type")
