"""A page's due rows, locked, each with what keeps it from being sent.

Two statements: whether somebody may be written to through Facebook depends on the conversation and on the template
that stands in, which pages of other gateways would pay for in vain.
"""

from datetime import datetime
from typing import NamedTuple

from notifications.reasons import Reason
from notifications.services import sql
from notifications.states import ANSWERS, DeliveryState
from optins.states import OptInState, Purpose

_OBSTACLE = """
    CASE WHEN o.state IN (%(revoked)s, %(erased)s) THEN %(opted_out)s
        WHEN o.expires_at <= {now} THEN %(opt_in_expired)s
        WHEN o.state = %(expired)s THEN CASE WHEN o.used_up THEN %(used_up)s ELSE %(opt_in_expired)s END
        WHEN d.expires_at <= {now} THEN %(too_old)s
        WHEN o.purpose <> k.purpose AND o.purpose <> %(any_purpose)s THEN %(no_purpose)s
        ELSE '' END AS obstacle"""
_WHICH = """
WHERE d.page_id = %(page)s AND d.state = %(queued)s AND d.due_at <= {now} AND {source}
ORDER BY d.due_at, d.id LIMIT %(most)s {lock}
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
    "queued": DeliveryState.QUEUED.value,
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
    """A due row, locked. `obstacle` says why it may not be sent, if it may not; the values are those of Reason."""

    pk: int
    campaign_id: int | None
    content_id: int
    attempts: int
    customer_id: str
    obstacle: str
    person: Person | None = None


def rows(source: str, values: dict[str, object], *, through_facebook: bool) -> list[Candidate]:
    """Those of `source`, a condition on `d`; `values` has `page`, `now`, `most` and what the condition names."""
    statement = (_DUE_THERE if through_facebook else _DUE).format(
        now=sql.time("now"), source=source, lock=sql.for_update("d")
    )
    found = sql.run(statement, _WORDS | values)
    if not through_facebook:
        return [Candidate(*row) for row in found]
    return [Candidate(*row[:6])._replace(person=_person(row[6:])) for row in found]


def _person(values: tuple[object, ...]) -> Person:
    """SQLite gives flags as numbers, and times as text."""
    person = Person(*values)  # type: ignore[arg-type]  # the statement's columns
    return person._replace(
        acted_at=sql.read_time(person.acted_at), disclosed=bool(person.disclosed), blocked=bool(person.blocked)
    )
