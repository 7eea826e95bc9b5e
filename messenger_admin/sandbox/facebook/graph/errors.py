"""Graph's refusals, in its own words and shape. Pure.

Graph API, "Handling errors"; Messenger Platform, "Error codes" (March 2026).
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OAUTH = "OAuthException"
GRAPH_METHOD = "GraphMethodException"

DEAD_TOKEN = {
    458: "The user has not authorized application {app}.",
    459: "You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
    460: "The session has been invalidated because the user changed their password or Facebook has changed the "
    "session for security reasons.",
    463: "Session has expired.",
    467: "The session is invalid because the user logged out.",
    492: "The user must be an administrator, editor, or moderator of the page in order to impersonate it.",
}
THROTTLED = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
}
_WWW_AUTHENTICATE = 'OAuth "Facebook Platform" "invalid_token" "The token is not valid."'
_TEMPORARY = frozenset({1, 2})


# Not frozen: Python writes the traceback onto what is raised.
@dataclass(eq=False, kw_only=True)
class Refusal(Exception):
    """An error of Graph's. `status` is HTTP's; `headers` go with the answer."""

    message: str
    code: int
    subcode: int = 0
    kind: str = OAUTH
    status: int = 400
    user_title: str = ""
    user_message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "error": {
                "message": self.message,
                "type": self.kind,
                "code": self.code,
                **({"error_subcode": self.subcode} if self.subcode else {}),
                **({"is_transient": True} if self.code in _TEMPORARY else {}),
                **({"error_user_title": self.user_title} if self.user_title else {}),
                **({"error_user_msg": self.user_message} if self.user_message else {}),
                "fbtrace_id": trace(),
            }
        }


def trace() -> str:
    return f"A{base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip('=')}"


def of(code: int, subcode: int = 0, *, app: str = "") -> Refusal:
    """The error with this code, worded as Facebook does where its words are known."""
    if code == 190:
        return dead_token(subcode, app=app)
    if code in THROTTLED:
        return Refusal(message=THROTTLED[code], code=code, subcode=subcode, status=403)
    if code == 10 or 200 <= code <= 299:
        message = f"(#{code}) Permissions error"
        return Refusal(message=message, code=code, subcode=subcode, status=403)
    if code in _TEMPORARY:
        message = "An unexpected error has occurred. Please retry your request later."
        return Refusal(message=message, code=code, subcode=subcode, status=500)
    return Refusal(message=f"(#{code}) The sandbox was told to say so.", code=code, subcode=subcode)


def dead_token(subcode: int, *, app: str) -> Refusal:
    """A token that was good once; without a subcode, one that never was."""
    said = f"Error validating access token: {DEAD_TOKEN[subcode].format(app=app)}" if subcode in DEAD_TOKEN else ""
    return Refusal(
        message=said or "Invalid OAuth access token - Cannot parse access token",
        code=190,
        subcode=subcode,
        status=401,
        headers={"WWW-Authenticate": _WWW_AUTHENTICATE},
    )


def no_token() -> Refusal:
    return Refusal(message="An access token is required to request this resource.", code=104)


def nobody_is_me() -> Refusal:
    message = "An active access token must be used to query information about the current user."
    return Refusal(message=message, code=2500)


def page_token_needed() -> Refusal:
    return Refusal(message="(#210) A page access token is required to request this resource.", code=210)


def permission(scope: str) -> Refusal:
    code = 230 if scope == "pages_messaging" else 200
    message = f"(#{code}) Requires {scope} permission to manage the object."
    return Refusal(message=message, code=code, status=403)


def not_shared() -> Refusal:
    message = "(#10) This page was not shared with the application, or its permission was taken back."
    return Refusal(message=message, code=10, status=403)


def task(name: str) -> Refusal:
    message = f"(#200) The user must have the task {name} on the page."
    return Refusal(message=message, code=200, status=403)


def parameter(message: str, *, subcode: int = 0, title: str = "", said: str = "") -> Refusal:
    return Refusal(message=f"(#100) {message}", code=100, subcode=subcode, user_title=title, user_message=said)


def no_field(name: str, node: str) -> Refusal:
    message = f"Tried accessing nonexisting field ({name}) on node type ({node})"
    return parameter(message)


def no_object(method: str, object_id: str) -> Refusal:
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    return Refusal(message=message, code=100, subcode=33, kind=GRAPH_METHOD)


def no_method(method: str) -> Refusal:
    return Refusal(message=f"Unsupported {method.lower()} request.", code=100, kind=GRAPH_METHOD)


def no_path(path: str) -> Refusal:
    return Refusal(message=f"Unknown path components: {path}", code=2500)


def old_version(version: str, newest: str) -> Refusal:
    message = f"(#2635) You are calling a deprecated version of the API ({version}). Please update to {newest}."
    return Refusal(message=message, code=2635)
