"""Where a call may go: an https URL of a public host, and only to public addresses.

The URL is judged when a person enters it; the address is judged again for each call, by whoever connects
(pages/outgoing.py), since a name may be made to point elsewhere at any time.
"""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from pages.public_addresses import LOCAL, is_public

MOST_CHARACTERS = 2_000
# Digits, or 0x and digits, between dots: C libraries read 127.1, 2130706433 and 0x7f000001 as addresses.
_ODD_NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?")


class UrlProblem(StrEnum):
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    NOT_HTTPS = "not_https"
    HOLDS_PASSWORD = "holds_password"  # noqa: S105  (the name of a problem)
    PRIVATE = "private"


def problem(url: str, *, local: bool) -> UrlProblem | None:
    """Why `url` can't be called; None when it can, as far as one sees without asking for its address.

    `local` allows http://127.0.0.1, for a receiver on a developer's own machine.
    """
    if len(url) > MOST_CHARACTERS:
        return UrlProblem.TOO_LONG
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return UrlProblem.MALFORMED
    if not host or parts.fragment or any(letter.isspace() or not letter.isprintable() for letter in url):
        return UrlProblem.MALFORMED
    if "@" in parts.netloc:
        return UrlProblem.HOLDS_PASSWORD
    if local and host == LOCAL and parts.scheme in {"http", "https"}:
        return None
    if parts.scheme != "https":
        return UrlProblem.NOT_HTTPS
    return None if _may_be_public(host) else UrlProblem.PRIVATE


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return not (_ODD_NUMBERS.fullmatch(host.lower()) or name == "localhost" or name.endswith(".localhost"))
