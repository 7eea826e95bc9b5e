"""Whether Facebook wrote a body: HMAC-SHA256 of its raw bytes under the app's secret. Pure.

Facebook signs what it transmits, with everything beyond ASCII escaped; decoded and encoded again it would be other
bytes (Messenger Platform, "Webhooks": "Validating Payloads"). The old header with SHA-1 proves nothing any more.
"""

import hashlib
import hmac
import re

HEADER = "X-Hub-Signature-256"
_SHAPE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII | re.IGNORECASE)


def digest_in(header: str | None) -> str | None:
    """The digest that the header names; None where it names none, and the body need not be read."""
    found = _SHAPE.fullmatch(header or "")
    return found[1].lower() if found else None


def is_signed(body: bytes, *, digest: str, secret: str) -> bool:
    """Without a secret nothing is: an empty one would be everybody's."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected, digest)
