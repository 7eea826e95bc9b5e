"""The wire: sends requests and brings back answers. With Facebook's client, the only code that opens a socket.

libcurl's multi interface (pycurl) in one thread per wire: many requests in flight, connections kept from one to the
next. It is also the client that knows how many bytes of a request left, on which everything after a failure depends.
"""

from notifications.gateway.wire.pool import borrow
from notifications.gateway.wire.thread import Wire, WireClosed

__all__ = ["Wire", "WireClosed", "borrow"]
