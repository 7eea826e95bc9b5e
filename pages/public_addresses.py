"""Which addresses belong to the public internet, whatever they are wrapped in. Pure."""

import ipaddress

LOCAL = "127.0.0.1"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6052: the prefix under which a gateway reaches IPv4.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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
