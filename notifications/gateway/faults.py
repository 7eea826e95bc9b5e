"""What libcurl's result codes mean for a request. Pure: the numbers are libcurl's own and never change."""

from notifications.gateway.contract import Fault

OPERATION_TIMEDOUT = 28
ABORTED_BY_CALLBACK = 42

_FAULTS = {
    1: Fault.GARBAGE,  # UNSUPPORTED_PROTOCOL: what came back has no HTTP status line
    6: Fault.UNRESOLVED,  # COULDNT_RESOLVE_HOST
    7: Fault.REFUSED,  # COULDNT_CONNECT
    8: Fault.GARBAGE,  # WEIRD_SERVER_REPLY
    18: Fault.PARTIAL,  # PARTIAL_FILE
    OPERATION_TIMEDOUT: Fault.TIMEOUT,
    35: Fault.CERTIFICATE,  # SSL_CONNECT_ERROR
    52: Fault.EMPTY,  # GOT_NOTHING
    58: Fault.CERTIFICATE,  # SSL_CERTPROBLEM
    59: Fault.CERTIFICATE,  # SSL_CIPHER
    60: Fault.CERTIFICATE,  # PEER_FAILED_VERIFICATION
    65: Fault.EMPTY,  # SEND_FAIL_REWIND: a kept connection died unanswered, and a body is never sent twice
    77: Fault.CERTIFICATE,  # SSL_CACERT_BADFILE
    83: Fault.CERTIFICATE,  # SSL_ISSUER_ERROR
    91: Fault.CERTIFICATE,  # SSL_INVALIDCERTSTATUS
    100: Fault.GARBAGE,  # TOO_LARGE: headers without end
}


def fault_of(code: int, *, bytes_sent: int) -> Fault | None:
    """None for a whole answer. A code without an entry is a break of the connection, whoever caused it."""
    if code == 0:
        return None
    if code == OPERATION_TIMEDOUT and not bytes_sent:
        return Fault.CONNECT_TIMEOUT
    if code == ABORTED_BY_CALLBACK and not bytes_sent:
        return Fault.ABANDONED
    return _FAULTS.get(code, Fault.RESET)
