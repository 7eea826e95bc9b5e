"""The head of an HTTP answer, from the lines that libcurl hands over. Pure."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

_BLANK = (b"\r\n", b"\n")


def final_head(lines: Sequence[bytes]) -> Mapping[str, str] | None:
    """The headers of the last answer, or None when their end did not come.

    `lines` are all that came, in order: interim answers (1xx) stand before the last one, trailers after it.
    Names are in lower case; the values of a repeated name are joined by commas (RFC 9110, section 5.3).
    """
    return _read(tuple(lines))


# A far end that answers a thousand times a second says much the same each time.
@lru_cache(maxsize=256)
def _read(lines: tuple[bytes, ...]) -> Mapping[str, str] | None:
    headers: dict[str, str] = {}
    whole = False
    for line in lines:
        if line.startswith(b"HTTP/"):
            headers, whole = {}, False
        elif line in _BLANK:
            whole = True
        elif not whole:
            name, _, value = line.decode("latin-1").partition(":")
            name, value = name.strip().lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return MappingProxyType(headers) if whole else None
