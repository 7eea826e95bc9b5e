"""Facebook's `signed_request`, made and posted: somebody removes the app, or wants their data deleted.

Meta, "Data Deletion Request Callback". Facebook posts it itself; here a person or a test says when.
"""

import base64
import hashlib
import hmac
import json
import sqlite3
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from messenger_admin.sandbox.facebook import app
from messenger_admin.sandbox.messenger import client
from messenger_admin.sandbox.messenger.client import NoAnswer

PATIENCE = 10.0
KEPT = 50
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Kind(StrEnum):
    DEAUTHORISE = "deauthorise"
    DELETION = "deletion"


# Where the app said that it takes them.
PATHS = {Kind.DEAUTHORISE: "/facebook/deauthorise/", Kind.DELETION: "/facebook/data-deletion/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One of them and what was answered; `status` is None where nothing was."""

    id: int
    kind: Kind
    user_id: str
    url: str
    status: int | None
    answer: str
    sent_at: float

    @property
    def json(self) -> Any:
        """What the answer says, where it is JSON."""
        try:
            return json.loads(self.answer)
        except (ValueError, RecursionError):
            return None


def signed(user_id: str, *, secret: str, now: float) -> str:
    """`b64url(signature).b64url(json)` without padding; the signature is over the encoded JSON."""
    said = {"algorithm": "HMAC-SHA256", "issued_at": int(now), "user_id": user_id}
    payload = _encoded(json.dumps(said, separators=(",", ":")).encode())
    return f"{_encoded(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"


def post(store: sqlite3.Connection, kind: Kind, user_id: str) -> Posted:
    """Tells the app in the person's name, and keeps what it answered. Not within a transaction: it takes its time."""
    this, now = app.this(), time.time()
    url = f"{this.home}{PATHS[kind]}"
    form = urlencode({"signed_request": signed(user_id, secret=this.secret, now=now)}).encode()
    try:
        reply = client.post(url, form, _FORM, patience=PATIENCE)
        status, said = reply.status, reply.body
    except NoAnswer as error:
        status, said = None, str(error)
    cursor = store.execute(
        "INSERT INTO facebook_callbacks (kind, user_id, url, status, answer, sent_at) VALUES (?, ?, ?, ?, ?, ?)",
        (kind, user_id, url, status, said, now),
    )
    store.execute("DELETE FROM facebook_callbacks WHERE id <= (SELECT max(id) FROM facebook_callbacks) - ?", (KEPT,))
    return Posted(
        id=cursor.lastrowid or 0, kind=kind, user_id=user_id, url=url, status=status, answer=said, sent_at=now
    )


def posted(store: sqlite3.Connection, *, user_id: str = "") -> list[Posted]:
    """The newest first."""
    rows = store.execute("SELECT * FROM facebook_callbacks WHERE ? IN ('', user_id) ORDER BY id DESC", (user_id,))
    return [Posted(**dict(row) | {"kind": Kind(row["kind"])}) for row in rows]


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
