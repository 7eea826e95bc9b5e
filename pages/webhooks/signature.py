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


class Signing:
    """The comparison with `digest`, piece by piece as the body comes in."""

    def __init__(self, *, digest: str, secret: str) -> None:
        self._digest = digest
        self._has_secret = bool(secret)
        self._so_far = hmac.new(secret.encode(), digestmod=hashlib.sha256)

    def update(self, piece: bytes) -> None:
        self._so_far.update(piece)

    def holds(self) -> bool:
        """Without a secret nothing is signed: an empty one would be everybody's."""
        return self._has_secret and hmac.compare_digest(self._so_far.hexdigest(), self._digest)
