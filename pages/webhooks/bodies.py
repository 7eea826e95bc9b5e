"""The body of a post, read as far as it is allowed to go."""

from django.http import HttpRequest


class TooLong(Exception):
    pass


class BrokenOff(Exception):
    """It ended before its promised length."""


def read(request: HttpRequest, *, most: int) -> bytes:
    """The whole body. Raises TooLong, without reading it where its length says so, or BrokenOff."""
    length = request.META.get("CONTENT_LENGTH") or ""
    promised = int(length) if length.isascii() and length.isdigit() else 0
    if promised > most:
        raise TooLong
    try:
        # Django reads as far as a length says, and of a body in chunks nothing; the server knows where that ends.
        body = bytes(request.read(promised) if promised else _in_chunks(request, most + 1))
    except OSError:
        raise BrokenOff from None
    if len(body) > most:
        raise TooLong
    if len(body) < promised:
        raise BrokenOff
    return body


def _in_chunks(request: HttpRequest, most: int) -> bytes:
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    return bytes(request.META["wsgi.input"].read(most)) if chunked else b""
