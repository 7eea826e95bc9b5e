"""Why a delivery is where it is: a code beside each state, pure; its words are in notifications/words.py."""

from enum import StrEnum


class Reason(StrEnum):
    """Grouped by what happens next; the gateway's interpretation and the engine are the only ones to set it."""

    # Skipped: a condition did not hold when its turn came.
    OPTED_OUT = "opted_out"
    OPT_IN_EXPIRED = "opt_in_expired"
    USED_UP = "used_up"
    PURPOSE = "purpose"
    TOO_OLD = "too_old"
    # By Facebook's rules for a page that is linked directly.
    WINDOW_CLOSED = "window_closed"
    NEVER_WROTE = "never_wrote"
    NO_PSID = "no_psid"
    NOT_APPROVED = "not_approved"
    UNREACHABLE = "unreachable"

    # Tried again: not a byte of the request left, or it was turned away unread.
    CONNECTION_REFUSED = "connection_refused"
    NAME_NOT_RESOLVED = "name_not_resolved"
    CONNECT_TIMEOUT = "connect_timeout"
    BAD_CERTIFICATE = "bad_certificate"
    NOT_SENT = "not_sent"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"

    # The page waits: turned away unread, because of the page.
    TOKEN_REFUSED = "token_refused"  # noqa: S105  (a reason, not a secret)
    FORBIDDEN = "forbidden"
    MOVED = "moved"
    PAGE_RESTRICTED = "page_restricted"
    PERMISSION_MISSING = "permission_missing"

    # Failed before it was tried: it can't be filled for this customer.
    NO_VALUE = "no_value"
    UNFIT_VALUE = "unfit_value"

    # Failed: it will never work.
    MALFORMED = "malformed"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    CONTENT_REFUSED = "content_refused"
    REFUSED = "refused"
    RECIPIENT_UNAVAILABLE = "recipient_unavailable"
    MEDIA_UNREACHABLE = "media_unreachable"  # also while it is tried once more
    WINDOW_REFUSED = "window_refused"
    TAG_REFUSED = "tag_refused"
    TEMPLATE_REFUSED = "template_refused"

    # In doubt: a byte of the request left and no answer can be trusted.
    SERVER_ERROR = "server_error"
    RESET = "reset"
    SILENCE = "silence"
    HALF_AN_ANSWER = "half_an_answer"
    NO_ANSWER = "no_answer"
    NOT_THE_API = "not_the_api"
    SENDER_LOST = "sender_lost"
    RESTORED = "restored"
    SENT_THOUGH_REFUSED = "sent_though_refused"

    # A later echo or receipt settled a doubt.
    SETTLED_BY_FACEBOOK = "settled_by_facebook"

    # A person decided.
    TREATED_AS_SENT = "treated_as_sent"
    SENT_AGAIN = "sent_again"

    # The page's policy for doubts decided.
    TREATED_AS_SENT_BY_POLICY = "treated_as_sent_by_policy"
    SENT_AGAIN_BY_POLICY = "sent_again_by_policy"


# Failed before it was tried: the message could not be filled for its customer.
UNFILLED = frozenset({Reason.NO_VALUE, Reason.UNFIT_VALUE})
