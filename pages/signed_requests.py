"""Facebook's `signed_request`: what it posts when somebody removes the app or asks for deletion. Pure.

`b64url(signature).b64url(json)`, without padding; the signature is HMAC-SHA256 over the encoded JSON with the app's
secret (Meta, "Data Deletion Request Callback"). `user_id` is app-scoped: whoever logged in, never a PSID.
"""

import base64
import hashlib
import hmac
import json
from binascii import Error as NotBase64
from dataclasses import dataclass

MAX_LENGTH = 10_000
# Seconds. Facebook posts at once; what is older was kept by somebody. A clock may be ahead of ours by a little.
LONGEST_AGE = 86_400
FAST_CLOCK = 600


class NotSigned(ValueError):
    """It is not Facebook's: forged, damaged, too old, or signed for another app."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """`digest` is the SHA-256 of the whole: the same again is the same request."""

    user_id: str
    digest: str


def read(raw: str, *, secret: str, now: float) -> SignedRequest:
    """`now` is in seconds since 1970. Raises NotSigned."""
    signature, dot, payload = raw.partition(".")
    if not (secret and dot and raw.isascii() and len(raw) <= MAX_LENGTH):
        raise NotSigned
    expected = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(_decoded(signature), expected):
        raise NotSigned
    try:
        said = json.loads(_decoded(payload))
        algorithm, issued_at, user_id = said["algorithm"], float(said["issued_at"]), str(said["user_id"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotSigned from None
    if str(algorithm).upper() != "HMAC-SHA256" or not user_id or len(user_id) > 64:
        raise NotSigned
    if not -FAST_CLOCK <= now - issued_at <= LONGEST_AGE:
        raise NotSigned
    return SignedRequest(user_id=user_id, digest=hashlib.sha256(raw.encode()).hexdigest())


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        return b""
