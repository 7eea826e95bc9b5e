"""One part of a message as a call of Facebook's Send API. Pure.

`POST {base_url}/{page_id}/messages` with the page's token in a header, so that it stands in no URL that somebody logs
(Messenger Platform, "Send API", 5 May 2026). `base_url` holds the version.
"""

import json
from urllib.parse import quote

from notifications.gateway.contract import Envelope, Request

_HEADERS = ("Content-Type: application/json", "Accept: application/json")


def build(envelope: Envelope) -> Request:
    right = envelope.right
    if right is None:
        raise ValueError("A message through Facebook goes by a right.")
    proof = f"?appsecret_proof={quote(right.proof, safe='')}" if right.proof else ""
    whom = {"recipient": {"id": right.psid}, "messaging_type": right.messaging_type}
    whom |= {"tag": right.tag} if right.tag else {}
    return Request(
        url=f"{envelope.base_url.rstrip('/')}/{quote(envelope.page_id, safe='')}/messages{proof}",
        headers=(*_HEADERS, f"Authorization: Bearer {envelope.token}"),
        body=_joined(json.dumps(whom), f'"message":{_with_metadata(envelope.body, right.metadata)}').encode(),
    )


def _with_metadata(message: str, metadata: str) -> str:
    """The frozen words go out as they are, byte for byte."""
    return _joined(message, f'"metadata":{json.dumps(metadata)}') if metadata else message


def _joined(json_object: str, member: str) -> str:
    """The text of a JSON object that has members, with one more."""
    return f"{json_object.rstrip()[:-1]},{member}}}"
