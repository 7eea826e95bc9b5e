"""What it means that no answer came, for every gateway alike. Pure."""

from notifications.gateway.contract import Answer, Fault, Verdict
from notifications.reasons import Reason

# No answer, and not a byte of the request left: it certainly did not go out.
_NOT_SENT = {
    Fault.REFUSED: Reason.CONNECTION_REFUSED,
    Fault.UNRESOLVED: Reason.NAME_NOT_RESOLVED,
    Fault.CONNECT_TIMEOUT: Reason.CONNECT_TIMEOUT,
    Fault.CERTIFICATE: Reason.BAD_CERTIFICATE,
}
# No answer, and something left: it may have gone out.
_IN_DOUBT = {
    Fault.RESET: Reason.RESET,
    Fault.TIMEOUT: Reason.SILENCE,
    Fault.PARTIAL: Reason.HALF_AN_ANSWER,
    Fault.GARBAGE: Reason.NOT_THE_API,
}


def unanswered(answer: Answer) -> tuple[Verdict, Reason]:
    """Of an answer without a status, or whose status is not the last one."""
    fault = answer.fault or Fault.EMPTY
    if not answer.bytes_sent:
        return Verdict.RETRY, _NOT_SENT.get(fault, Reason.NOT_SENT)
    return Verdict.UNKNOWN, _IN_DOUBT.get(fault, Reason.NO_ANSWER)
