"""The signature of a call: an HMAC of its time and its body, so that neither can be changed or sent again later."""

import hashlib
import hmac
from collections.abc import Iterable

PREFIX = "cbs_"


def sign(*, secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 of `timestamp.body`, in hexadecimal; the whole secret, prefix included, is the key."""
    return hmac.new(secret.encode(), str(timestamp).encode() + b"." + body, hashlib.sha256).hexdigest()


def headers(*, secrets: Iterable[str], delivery: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a call. While a secret is being changed there is a signature with each, the newest first."""
    signatures = [f"sha256={sign(secret=secret, timestamp=timestamp, body=body)}" for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "MessengerAdmin-Callback/1",
        "X-Messenger-Delivery": delivery,
        "X-Messenger-Timestamp": str(timestamp),
        "X-Messenger-Signature": ", ".join(signatures),
    }
