"""A page's due rows, locked, each with what keeps it from being sent.

Two statements: whether somebody may be written to through Facebook depends on the conversation and on the template
that stands in, which pages of other gateways would pay for in vain.
"""

from datetime import datetime
from typing import NamedTuple

from notifications.reasons import Reason
from notifications.services import sql
from notifications.states import ANSWERS, AttemptOutcome, DeliveryState
from optins.states import OptInState, Purpose

D = DeliveryState

# Of an agreement to one message: whether another message was begun under it that meets the condition.
_OTHER = """o.used_up AND EXISTS (
        SELECT 1 FROM notifications_delivery x
        WHERE x.optin_id = o.id AND x.id <> d.id AND x.dispatch_started_at >= o.agreed_at AND ({which}))"""
_LEAVES = _OTHER.format(which="x.state = %(dispatching)s")
# Or may have: a doubt, a part, or a try of which nobody wrote down that it came to nothing.
_LEFT = _OTHER.format(
    which="""x.state IN (%(unknown)s, %(sent)s, %(delivered)s, %(read)s) OR x.parts_sent > 0 OR x.attempts > (
            SELECT COUNT(*) FROM notifications_attempt t
            WHERE t.delivery_id = x.id AND t.outcome IN (%(try_again)s, %(try_held)s, %(try_failed)s))"""
)
_OBSTACLE = f"""
    CASE WHEN o.state IN (%(revoked)s, %(erased)s) THEN %(opted_out)s
        WHEN o.expires_at <= {{now}} THEN %(opt_in_expired)s
        WHEN o.state = %(expired)s THEN CASE WHEN o.used_up THEN %(used_up)s ELSE %(opt_in_expired)s END
        WHEN {_LEFT} THEN %(used_up)s
        WHEN d.expires_at <= {{now}} THEN %(too_old)s
        WHEN o.purpose <> k.purpose AND o.purpose <> %(any_purpose)s THEN %(no_purpose)s
        ELSE '' END AS obstacle, CASE WHEN o.used_up THEN o.id END AS sole"""
# What becomes of the one that leaves decides about the next one to the same agreement, so that waits.
_WHICH = f"""
WHERE d.page_id = %(page)s AND d.state = %(queued)s AND d.due_at <= {{now}} AND {{source}} AND NOT ({_LEAVES})
ORDER BY d.due_at, d.id LIMIT %(most)s {{lock}}
"""
# The transactional ones, or those of a campaign. `obstacle` is a Reason, or empty.
_DUE = f"""
SELECT d.id, d.campaign_id, d.content_id, d.attempts, o.customer_id, {_OBSTACLE}
FROM notifications_delivery d JOIN optins_optin o ON o.id = d.optin_id
    LEFT JOIN notifications_campaign k ON k.id = d.campaign_id
{_WHICH}
"""  # noqa: S608  (constants; values travel as parameters)
# Through Facebook. The person is the opt-in's, or the thread's where somebody who wrote is answered; a recipient whom
# an erasure emptied has no PSID.
_DUE_THERE = f"""
SELECT d.id, d.campaign_id, d.content_id, d.attempts, COALESCE(o.customer_id, ''), {_OBSTACLE},
    d.origin, d.parts_sent, COALESCE(t.psid, r.psid, ''), t.id, t.acted_at, t.disclosed_at IS NOT NULL,
    t.blocked_at IS NOT NULL, c.kind, c.utility
FROM notifications_delivery d
    JOIN notifications_content c ON c.id = d.content_id
    LEFT JOIN notifications_campaign k ON k.id = d.campaign_id
    LEFT JOIN optins_optin o ON o.id = d.optin_id
    LEFT JOIN optins_recipient r ON r.id = o.recipient_id
    LEFT JOIN pages_thread t ON t.id = CASE WHEN d.optin_id IS NULL THEN d.thread_id
        ELSE (SELECT x.id FROM pages_thread x WHERE x.page_id = d.page_id AND x.psid = r.psid) END
{_WHICH}
"""  # noqa: S608  (constants; values travel as parameters)
_WORDS = {
    **{state.value: state.value for state in (D.QUEUED, D.DISPATCHING, D.UNKNOWN, D.SENT, D.DELIVERED, D.READ)},
    "try_again": AttemptOutcome.RETRY.value,
    "try_held": AttemptOutcome.HELD.value,
    "try_failed": AttemptOutcome.FAILED.value,
    "revoked": OptInState.REVOKED.value,
    "erased": OptInState.ERASED.value,
    "expired": OptInState.EXPIRED.value,
    "opted_out": Reason.OPTED_OUT.value,
    "opt_in_expired": Reason.OPT_IN_EXPIRED.value,
    "too_old": Reason.TOO_OLD.value,
    "used_up": Reason.USED_UP.value,
    "no_purpose": Reason.PURPOSE.value,
    "any_purpose": Purpose.MARKETING.value,
}

CAMPAIGN = "d.campaign_id = %(campaign)s"
# Somebody who wrote waits for an answer; then whatever else is of no campaign.
_ANSWERS = ", ".join(f"'{origin.value}'" for origin in sorted(ANSWERS))
REPLIES = f"d.campaign_id IS NULL AND d.origin IN ({_ANSWERS})"
TRANSACTIONAL = "d.campaign_id IS NULL"
TRANSACTIONAL_BUT_REPLIES = f"d.campaign_id IS NULL AND d.origin NOT IN ({_ANSWERS})"


class Person(NamedTuple):
    """Whom a message through Facebook goes to, as of now, and what of it went out already.

    `utility` is the frozen JSON text of the template that stands in, or empty.
    """

    origin: str
    parts_sent: int
    psid: str
    thread_pk: int | None
    acted_at: datetime | None
    disclosed: bool
    blocked: bool
    kind: str
    utility: str


class Candidate(NamedTuple):
    """A due row, locked. `obstacle` says why it may not be sent, if it may not; the values are those of Reason.

    `sole` is the opt-in of an agreement to one message: one row of it alone may leave.
    """

    pk: int
    campaign_id: int | None
    content_id: int
    attempts: int
    customer_id: str
    obstacle: str
    sole: int | None = None
    person: Person | None = None


def rows(source: str, values: dict[str, object], *, through_facebook: bool) -> list[Candidate]:
    """Those of `source`, a condition on `d`; `values` has `page`, `now`, `most` and what the condition names."""
    statement = (_DUE_THERE if through_facebook else _DUE).format(
        now=sql.time("now"), source=source, lock=sql.for_update("d")
    )
    found = sql.run(statement, _WORDS | values)
    if not through_facebook:
        return [Candidate(*row) for row in found]
    return [Candidate(*row[:7])._replace(person=_person(row[7:])) for row in found]


def _person(values: tuple[object, ...]) -> Person:
    """SQLite gives flags as numbers, and times as text."""
    person = Person(*values)  # type: ignore[arg-type]  # the statement's columns
    return person._replace(
        acted_at=sql.read_time(person.acted_at), disclosed=bool(person.disclosed), blocked=bool(person.blocked)
    )
