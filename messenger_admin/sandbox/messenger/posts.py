"""One POST of webhook events as Facebook writes and signs it. Pure.

Messenger Platform, "Webhooks" (May 2026): everything beyond ASCII is escaped, and the signature is over those bytes.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from messenger_admin.sandbox.messenger.events import CHANGES, Field, milliseconds
from messenger_admin.sandbox.messenger.outbox import Entry


def body(entries: Sequence[Entry], *, now: float) -> bytes:
    """Events of one page that follow one another share an entry; the order is kept."""
    whole: list[dict[str, Any]] = []
    for entry in entries:
        kind = _kind(entry.field)
        if not whole or whole[-1]["id"] != entry.page_id or kind not in whole[-1]:
            whole.append({"id": entry.page_id, "time": milliseconds(now), kind: []})
        whole[-1][kind].append(entry.json)
    return json.dumps({"object": "page", "entry": whole}, ensure_ascii=True, separators=(",", ":")).encode()


def headers(body: bytes, secret: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature": f"sha1={_signature(body, secret, 'sha1')}",
        "X-Hub-Signature-256": f"sha256={_signature(body, secret, 'sha256')}",
    }


def _signature(body: bytes, secret: str, algorithm: str) -> str:
    return hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()


def _kind(field: str) -> str:
    if field in CHANGES:
        return "changes"
    return "standby" if field == Field.STANDBY else "messaging"
