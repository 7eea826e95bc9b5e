"""The body of a post, read as far as it is allowed to go; a webhook's is kept only if Facebook signed it."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import HttpRequest

from pages.webhooks.signature import Signing

PIECE = 65_536
# Of what nobody has proved to be Facebook's, so much is held in memory, and the rest in a file.
IN_MEMORY = 1_000_000


class TooLong(Exception):
    pass


class BrokenOff(Exception):
    """It ended before its promised length."""


class Forged(Exception):
    """Its bytes are not those that were signed."""


def read(request: HttpRequest, signing: Signing, *, most: int) -> bytes:
    """The whole body. Raises TooLong, without reading it where its length says so, BrokenOff or Forged."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        for piece in pieces(request, most=most):
            signing.update(piece)
            body.write(piece)
        if not signing.holds():
            raise Forged
        body.seek(0)
        return body.read()


def pieces(request: HttpRequest, *, most: int) -> Iterator[bytes]:
    """A body that nobody signs, as it comes. Raises TooLong or BrokenOff, as `read` does."""
    length = request.META.get("CONTENT_LENGTH") or ""
    promised = int(length) if length.isascii() and length.isdigit() else 0
    if promised > most:
        raise TooLong
    count = 0
    for piece in _pieces(request, promised):
        count += len(piece)
        if count > most:
            raise TooLong
        yield piece
    if count < promised:
        raise BrokenOff


def _pieces(request: HttpRequest, promised: int) -> Iterator[bytes]:
    # Django reads as far as a length says, and of a body in chunks nothing; the server knows where that ends.
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    if not promised and not chunked:
        return
    source: Any = request if promised else request.META["wsgi.input"]
    try:
        while piece := source.read(PIECE):
            yield bytes(piece)
    except OSError:
        raise BrokenOff from None
