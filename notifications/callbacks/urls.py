"""Where a call may go: an https URL of a public host, and only to public addresses.

The URL is judged when a person enters it; the address is judged again for each call, by whoever connects, since a name
may be made to point elsewhere at any time.
"""

import ipaddress
import re
from enum import StrEnum
from urllib.parse import urlsplit

MOST_CHARACTERS = 2_000
LOCAL = "127.0.0.1"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: the prefix under which a gateway reaches IPv4.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
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


def may_connect(address: str, *, local: bool) -> bool:
    """Whether a call may connect to this address, which a name was found to stand for."""
    return (local and address == LOCAL) or is_public(address)


def is_public(address: str) -> bool:
    """Whether it belongs to the public internet, whatever it is wrapped in. Raises ValueError for no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return all(part.is_global and not part.is_multicast and not part.is_reserved for part in _unwrapped(found))


def _unwrapped(address: Address) -> list[Address]:
    """An IPv4 address inside an IPv6 one says where the packets go in the end; any other stands for itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)]
    inside: list[Address | None] = [address.sixtofour, *(address.teredo or ())]
    return [address, *(part for part in inside if part is not None)]
